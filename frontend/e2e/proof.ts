import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The proof that a link in a mail carries, made as the server makes it (internal/linktoken). */
export function proofOf(purpose: string, id: string): string {
  const data = join(dirname(process.env.HOURGLASS_E2E ?? ""), "demo", "keys.json");
  const secret: string = JSON.parse(readFileSync(data, "utf8")).secret_keys.split(":")[1];
  const raw = Buffer.from(id.replaceAll("-", ""), "hex");
  const key = createHmac("sha256", Buffer.from(secret, "base64")).update("hourglass link tokens").digest();
  const mac = createHmac("sha256", key).update(raw).update(purpose).digest();
  return Buffer.concat([raw, mac]).toString("base64url");
}
