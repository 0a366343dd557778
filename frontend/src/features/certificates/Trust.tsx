import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { bars, type Proof, rootOf, shortHex, sides } from "./merkle";
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

const width = 280;
const height = 112;

/** The path from the entry to the root as it is: filled is computed, soft is given. */
function Tree({ proof }: { proof: Proof }) {
  const given = sides(proof) ?? [];
  const steps = given.length;
  const own = Array.from({ length: steps + 1 }, (_, n) => ({
    x: steps === 0 ? width / 2 : 70 + (n * (width - 140)) / steps,
    y: steps === 0 ? height / 2 : height - 8 - (n * (height - 16)) / steps,
  }));
  const siblings = given.map((side, n) => ({
    x: (own[n]?.x ?? 0) + (side === "left" ? -34 : 34),
    y: own[n]?.y ?? 0,
  }));
  return (
    <div className="tree">
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {siblings.map((p, n) => (
          <line key={`given${p.y}`} x1={p.x} y1={p.y} x2={own[n + 1]?.x} y2={own[n + 1]?.y} />
        ))}
        {own.slice(0, -1).map((p, n) => (
          <line key={`own${p.y}`} className="on" x1={p.x} y1={p.y} x2={own[n + 1]?.x} y2={own[n + 1]?.y} />
        ))}
        {siblings.map((p) => (
          <circle key={`given${p.y}`} className="cs" cx={p.x} cy={p.y} r={steps > 8 ? 3 : 5} />
        ))}
        {own.map((p) => (
          <circle key={`own${p.y}`} className="cn" cx={p.x} cy={p.y} r={steps > 8 ? 3 : 5} />
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
          <Tree proof={proof} />
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
