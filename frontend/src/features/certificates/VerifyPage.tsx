import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Trans } from "react-i18next";
import type { Schemas } from "../../api/client";
import { codeOf } from "../../api/problem";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { i18n } from "../../lib/i18n";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { checkQuery } from "./api";
import { CertificateSheet } from "./CertificateSheet";
import "./certificates.css";
import { useCertificates } from "./messages";
import { SerialForm } from "./SerialForm";
import { Trust } from "./Trust";

const route = getRouteApi("/learner/verify/$serial");

export function VerifyPage() {
  const { serial } = route.useParams();
  const t = useCertificates();
  const common = useCommon();
  const check = useQuery(checkQuery(serial));
  useTitle(t("verifyTitle"));
  const unknown = ["no-certificate", "not-a-serial", "invalid"].includes(codeOf(check.error));
  if (check.isError && unknown) {
    return (
      <main id="main" className="wrap vf">
        <div className="card vf-card">
          <span className="msg-i bad">
            <Icon name="warn" size="l" />
          </span>
          <div role="status">
            <h1>{explain(check.error, common)}</h1>
          </div>
          <p className="mono">{serial}</p>
          <SerialForm label={t("another")} />
        </div>
      </main>
    );
  }
  if (check.isError) {
    return (
      <main id="main" className="wrap">
        <Failure error={check.error} retry={() => void check.refetch()} />
      </main>
    );
  }
  if (!check.data) {
    return (
      <main id="main" className="wrap">
        <Skeleton lines={6} tall />
      </main>
    );
  }
  return <Checked check={check.data} at={check.data.checkedAt} />;
}

function Checked({ check, at }: { check: Schemas["CertificateCheck"]; at: string }) {
  const t = useCertificates();
  const f = useFormat();
  const good = check.valid && check.verified;
  const verdict = !check.verified ? "doubtful" : check.valid ? "genuine" : "withdrawn";
  return (
    <main id="main" className="wrap certs">
      <div className="hd">
        <span className={good ? "ok" : "ok bad"} aria-hidden="true">
          <Icon name={good ? "check" : "warn"} />
        </span>
        <div role="status">
          <h1>{t(verdict)}</h1>
          <p className="num">{t("checked", { date: f.date(at, "minute") })}</p>
        </div>
      </div>
      <div className="cl">
        <CertificateSheet certificate={check} />
        <div className="no-print">
          <Proves check={check} />
          <Actions check={check} />
          <div className="card pan">
            <SerialForm label={t("another")} />
          </div>
        </div>
      </div>
      <div className="no-print">
        <Trust check={check} />
      </div>
    </main>
  );
}

function Proves({ check }: { check: Schemas["CertificateCheck"] }) {
  const t = useCertificates();
  const last = check.valid ? ("proof3" as const) : ("proof3No" as const);
  return (
    <section className="card pan">
      <h2>{t("proves")}</h2>
      <ul className="prv">
        {(["proof1", "proof2", last] as const).map((key) => (
          <li key={key} className={key === "proof3No" ? "bad" : undefined}>
            <Icon name={key === "proof3No" ? "close" : "check"} />
            <span>
              <Trans
                i18n={i18n}
                ns="certificates"
                i18nKey={key}
                values={{ reason: check.corrected }}
                components={{ b: <b /> }}
              />
            </span>
          </li>
        ))}
        <li className="no">
          <Icon name="info" />
          <span>{t("proofNo")}</span>
        </li>
      </ul>
    </section>
  );
}

function Actions({ check }: { check: Schemas["CertificateCheck"] }) {
  const t = useCertificates();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(check.url);
    setCopied(true);
  };
  return (
    <div className="acts">
      <a className="btn" href={check.pdf_url}>
        <Icon name="download" />
        {t("pdf")}
      </a>
      <button className="btn" type="button" onClick={() => print()}>
        <Icon name="print" />
        {t("print")}
      </button>
      <button className="btn" type="button" onClick={() => void copy()}>
        <Icon name={copied ? "check" : "link"} />
        <span role="status">{t(copied ? "copied" : "copy")}</span>
      </button>
    </div>
  );
}
