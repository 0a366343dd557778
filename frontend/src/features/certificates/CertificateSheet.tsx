import { Trans } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { i18n } from "../../lib/i18n";
import { Glass } from "../../ui/Icon";
import { useCertificates } from "./messages";

/** A rosette of engraver's lines: one wave, turned a little at a time. */
const rosette = Array.from({ length: 9 }, (_, turn) => {
  const points = Array.from({ length: 721 }, (_, n) => {
    const a = (n / 720) * 2 * Math.PI;
    const r = 158 + 46 * Math.sin(a * 18 + (turn * 2 * Math.PI) / 9) + 16 * Math.sin(a * 6);
    return `${(240 + r * Math.cos(a)).toFixed(1)} ${(240 + r * Math.sin(a)).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}).join("");

export function CertificateSheet({ certificate: c }: { certificate: Schemas["CertificateCheck"] }) {
  const t = useCertificates();
  const f = useFormat();
  const values = {
    holder: c.holder,
    title: f.text(c.title),
    date: f.date(c.earned_at),
    hours: f.number(c.hours),
    subject: t(`subject.${c.subject}`),
  };
  const facts = [
    [t("issued"), f.date(c.issued_at)],
    [t("issuer"), f.text(c.issuer)],
    [t("validIn"), t("everywhere")],
    [t("countsFor"), String(c.year)],
    [t("ledgerPlace"), f.number(c.ledger_index + 1)],
  ];
  return (
    <article className={c.valid ? "card cert" : "card cert void"} aria-label={t("certificate")}>
      <div className="fr" aria-hidden="true">
        <svg className="ros" viewBox="0 0 480 480" aria-hidden="true">
          <path d={rosette} />
          <circle cx="240" cy="240" r="228" />
        </svg>
      </div>
      <div className="is">
        <Glass />
        <span>{f.text(c.issuer)}</span>
      </div>
      <h2>{t("heading")}</h2>
      <div className="no mono">{t("no", { serial: c.serial })}</div>
      <p className="tx">
        <Trans i18n={i18n} ns="certificates" i18nKey="text" values={values} components={{ b: <b /> }} />
      </p>
      <div className="ft">
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </article>
  );
}
