import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { pdfjsData } from "./tools/pdfjs.ts";

const server = process.env.HOURGLASS_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), pdfjsData()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the content policy allows no data: fonts or scripts
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": { target: server, changeOrigin: false } } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
