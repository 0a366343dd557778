// Leaves a .br and a .gz beside every text file of the build, which the
// server sends as they are: nothing is compressed while somebody waits.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const text = /\.(js|mjs|css|html|svg|json|webmanifest|txt)$/;

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !text.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const data = readFileSync(file);
  const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: data.length } };
  writeFileSync(`${file}.br`, brotliCompressSync(data, brotli));
  writeFileSync(`${file}.gz`, gzipSync(data, { level: 9 }));
}

// The folder is embedded into the server's program, which needs it to exist.
writeFileSync(join(dist, ".gitkeep"), "");
