/** Widths of a page against the room there is. */
const steps = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

/** The next width in a direction; the same one at the end. */
export function zoomed(zoom: number, by: 1 | -1): number {
  const next = by > 0 ? steps.find((s) => s > zoom) : steps.findLast((s) => s < zoom);
  return next ?? zoom;
}

export const canZoom = (zoom: number, by: 1 | -1) => zoomed(zoom, by) !== zoom;
