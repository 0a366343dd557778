import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { bars, rootOf, shortHex } from "./merkle";
import { useCertificates } from "./messages";

type Outcome = "computing" | "computedOk" | "computedBad" | "computedCannot";

function Fingerprint({ hash }: { hash: string }) {
  const d = bars(hash)
    .map((n, at) => `M${2 + at * 4.3} ${23 - (3 + n * 1.1)}v${2 * (3 + n * 1.1)}`)
    .join("");
  return (
    <svg className="fp" viewBox="0 0 276 46" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

/** The path from the entry to the root: filled is computed, soft is given. */
function Tree() {
  const level = (y: number, xs: number[]) => xs.map((x) => ({ x, y }));
  const top = { x: 140, y: 10 };
  const two = level(38, [74, 206]);
  const four = level(64, [41, 107, 173, 239]);
  const eight = level(88, [24.5, 57.5, 90.5, 123.5, 156.5, 189.5, 222.5, 255.5]);
  const own = new Set([206, 173, 156.5]);
  const given = new Set([74, 239, 189.5]);
  const edges = [
    ...two.map((p) => [top, p] as const),
    ...four.map((p, n) => [two[n >> 1] ?? top, p] as const),
    ...eight.map((p, n) => [four[n >> 1] ?? top, p] as const),
  ];
  return (
    <div className="tree">
      <svg viewBox="0 0 280 96" aria-hidden="true">
        {edges.map(([a, b]) => (
          <line
            key={`${b.x}:${b.y}`}
            className={own.has(b.x) ? "on" : undefined}
            x1={a.x}
            y1={a.y}
            x2={b.x}
            y2={b.y}
          />
        ))}
        {[top, ...two, ...four, ...eight].map((p) => (
          <circle
            key={`${p.x}:${p.y}`}
            className={p === top || own.has(p.x) ? "cn" : given.has(p.x) ? "cs" : undefined}
            cx={p.x}
            cy={p.y}
            r={p.y > 80 ? 4 : 5}
          />
        ))}
      </svg>
    </div>
  );
}

export function Trust({ check }: { check: Schemas["CertificateCheck"] }) {
  const t = useCertificates();
  const f = useFormat();
  const [outcome, setOutcome] = useState<Outcome>();
  const { proof, checkpoint } = check;
  const compute = async () => {
    if (!globalThis.crypto?.subtle) return setOutcome("computedCannot");
    setOutcome("computing");
    setOutcome((await rootOf(proof)) === checkpoint.root_hash ? "computedOk" : "computedBad");
  };
  return (
    <section className="card pan why">
      <h2>{t("why")}</h2>
      <ol className="lg">
        <li>
          <span className="b num">1</span>
          <b>{t("step1")}</b>
          <p>{t("step1Text")}</p>
          <Fingerprint hash={proof.leaf_hash} />
          <code className="mono">{shortHex(proof.leaf_hash)}</code>
        </li>
        <li>
          <span className="b num">2</span>
          <b>{t("step2")}</b>
          <p>
            {t("step2Text", {
              place: f.number(proof.index + 1),
              size: f.number(proof.size),
              count: proof.hashes.length,
            })}
          </p>
          <Tree />
        </li>
        <li>
          <span className="b num">3</span>
          <b>{t("step3")}</b>
          <p>{t("step3Text")}</p>
          <Fingerprint hash={checkpoint.root_hash} />
          <code className="mono">{shortHex(checkpoint.root_hash)}</code>
        </li>
      </ol>
      <div className="cmp">
        <button
          className="btn"
          type="button"
          disabled={outcome === "computing"}
          onClick={() => void compute()}
        >
          <Icon name="hash" />
          {t("compute")}
        </button>
        <p
          role="status"
          className={outcome === "computedOk" ? "st v" : outcome === "computedBad" ? "st x" : "small muted"}
        >
          {outcome && t(outcome)}
        </p>
        <details className="raw">
          <summary>{t("raw")}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it */}
          <pre tabIndex={0}>
            {JSON.stringify({ proof, note: checkpoint.note, key: checkpoint.key }, null, 2)}
          </pre>
        </details>
      </div>
    </section>
  );
}
