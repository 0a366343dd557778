import { describe, expect, it } from "vitest";
import { readSerial } from "./serial";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const checked = (body: string) =>
  body + alphabet[[...body].reduce((s, c, n) => s + (n + 2) * alphabet.indexOf(c), 0) % 31];

describe("a serial as people type it", () => {
  const plain = checked("20267F3K92QD");
  const good = `HG-2026-7F3K-92QD-${plain[12]}`;
  it("is read with or without hyphens, in any case", () => {
    expect(readSerial(good)).toBe(good);
    expect(readSerial(`hg ${plain.toLowerCase()} `)).toBe(good);
  });
  it("takes O for 0 and L for 1", () => {
    const digits = checked("202610101010");
    const typed = `HG${digits.slice(0, 4)}${digits.slice(4, 12).replace(/1/g, "l").replace(/0/g, "o")}${digits[12]}`;
    expect(readSerial(typed)).toBe(`HG-2026-1010-1010-${digits[12]}`);
  });
  it("finds every single wrong character", () => {
    for (let at = 4; at < 12; at++) {
      for (const other of alphabet) {
        if (other === plain[at]) continue;
        expect(readSerial(`HG${plain.slice(0, at)}${other}${plain.slice(at + 1)}`)).toBeNull();
      }
    }
  });
  it("refuses what has another shape", () => {
    for (const typed of ["", "HG", "2026-7F3K-92QD-1", `${good}0`, "HG-20U6-7F3K-92QD-1"])
      expect(readSerial(typed)).toBeNull();
  });
});
