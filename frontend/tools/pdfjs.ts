import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import type { Plugin } from "vite";

const root = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
/** With the version in it, so that it may be kept for good like all of assets/. */
const base = `assets/pdfjs-${version}`;

/**
 * What pdf.js reads while it draws: tables of Chinese characters and fonts for
 * documents that bring none, and decoders of pictures in plain script, which
 * the content policy allows where WebAssembly is not.
 */
const wanted = [
  { folder: "cmaps", keep: /\.bcmap$/ },
  { folder: "standard_fonts", keep: /\.(pfb|ttf)$/ },
  { folder: "wasm", keep: /_nowasm_fallback\.js$/ },
];

const files = () =>
  wanted.flatMap(({ folder, keep }) =>
    readdirSync(join(root, folder))
      .filter((name) => keep.test(name))
      .map((name) => `${folder}/${name}`),
  );

/** Puts the data of pdf.js beside the build, and serves it while developing. */
export function pdfjsData(): Plugin {
  return {
    name: "pdfjs-data",
    generateBundle() {
      for (const name of files())
        this.emitFile({ type: "asset", fileName: `${base}/${name}`, source: readFileSync(join(root, name)) });
    },
    configureServer(server) {
      const known = new Set(files());
      server.middlewares.use(`/${base}/`, (request, response, next) => {
        const name = (request.url ?? "").replace(/^\//, "");
        if (!known.has(name)) return next();
        if (extname(name) === ".js") response.setHeader("Content-Type", "text/javascript");
        createReadStream(join(root, name)).pipe(response);
      });
    },
  };
}
