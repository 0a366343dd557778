import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("..", import.meta.url));
const folders = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((e) => e.isDirectory() && e.name === "locale")
  .map((e) => join(e.parentPath, e.name));

const read = (folder: string, language: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), "utf8"));
const base = (key: string) => key.replace(/_(one|other)$/, "");
const keysOf = (messages: Record<string, string>) => [...new Set(Object.keys(messages).map(base))].sort();
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

describe.each(folders.map((f) => [f.slice(src.length), f]))("messages of %s", (_name, folder) => {
  const zh = read(folder, "zh");
  const en = read(folder, "en");

  it("say the same things in both languages", () => {
    expect(keysOf(zh)).toEqual(keysOf(en));
  });
  it("are never empty, and fill in the same values", () => {
    for (const [key, text] of Object.entries(en)) {
      const other = zh[key] ?? zh[`${base(key)}_other`] ?? "";
      expect(text && other, key).toBeTruthy();
      expect(holes(other), key).toEqual(holes(text));
    }
  });
  it("count in the forms each language has", () => {
    for (const key of Object.keys(en).filter((k) => k.endsWith("_one")))
      expect(en, key).toHaveProperty([`${base(key)}_other`]);
    expect(Object.keys(zh).filter((k) => k.endsWith("_one"))).toEqual([]);
  });
});

it("finds the features' messages at all", () => {
  expect(folders.length).toBeGreaterThan(6);
});
