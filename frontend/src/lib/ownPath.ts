const here = "https://own.invalid";

/**
 * The address as a path of our own, or undefined for whatever leads elsewhere:
 * what a link says of where to go next may have been written by anybody. It is
 * read as browsers read it, who take "/\evil.example" for another site.
 */
export function ownPath(to: unknown): string | undefined {
  if (typeof to !== "string" || !to.startsWith("/") || !URL.canParse(to, here)) return undefined;
  const { origin, pathname, search, hash } = new URL(to, here);
  const path = pathname + search + hash;
  return origin === here && !path.startsWith("//") ? path : undefined;
}
