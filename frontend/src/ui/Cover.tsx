import { useMemo } from "react";
import { type CoverStyle, coverShapes } from "./covers";

const styleOf: Record<string, CoverStyle> = {
  agriculture: "agri",
  manufacturing: "manu",
  information: "it",
  energy: "ener",
  management: "mgmt",
};

/** A course's picture; the style of public subjects where there is no field. */
export function Cover({ root, seed }: { root: string | undefined; seed: number }) {
  const style = styleOf[root ?? ""] ?? "pub";
  const shapes = useMemo(() => coverShapes(style, seed), [style, seed]);
  return (
    <svg
      className={`cv cv-${style}`}
      viewBox="0 0 400 168"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {shapes.map((s) => (
        <path
          key={s.d.slice(0, 40)}
          d={s.d}
          className={s.filled ? "fl" : undefined}
          opacity={s.opacity?.toFixed(2)}
        />
      ))}
    </svg>
  );
}
