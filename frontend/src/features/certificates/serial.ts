const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The serial as the server writes it, from however somebody typed it; null for what cannot be one. */
export function readSerial(typed: string): string | null {
  const plain = typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (!/^HG\d{4}/.test(plain) || plain.length !== 15) return null;
  const body = plain.slice(2);
  if ([...body].some((c) => !alphabet.includes(c))) return null;
  const sum = [...body.slice(0, 12)].reduce((s, c, n) => s + (n + 2) * alphabet.indexOf(c), 0);
  if (alphabet[sum % 31] !== body[12]) return null;
  return `HG-${body.slice(0, 4)}-${body.slice(4, 8)}-${body.slice(8, 12)}-${body[12]}`;
}
