import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Ticks } from "../../ui/Strip";
import { Message, Skeleton } from "../../ui/states";
import { myCertificatesQuery } from "./api";
import "./certificates.css";
import { useCertificates } from "./messages";

export function CertificatesPage() {
  const t = useCertificates();
  const common = useCommon();
  const f = useFormat();
  const list = useInfiniteQuery(myCertificatesQuery);
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  useTitle(t("title"));
  return (
    <main id="main" className="wrap">
      <div className="head1">
        <h1>{t("title")}</h1>
        <Link className="btn end" to="/verify">
          {t("verifyTitle")}
        </Link>
      </div>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={6} />}
      {list.isSuccess && items.length === 0 && (
        <Message
          icon="medal"
          title={t("empty")}
          actions={
            <Link className="btn primary" to="/">
              {t("find")}
            </Link>
          }
        >
          <p>{t("emptyText")}</p>
        </Message>
      )}
      <ul className="ce-grid">
        {items.map((c) => (
          <li className="card ce" key={c.serial}>
            <div className="row">
              <span className={c.subject === "public" ? "badge pub" : "badge pro"}>{common(c.subject)}</span>
              <span className="small muted num">{c.year}</span>
            </div>
            <h2>
              <Link to="/verify/$serial" params={{ serial: c.serial }}>
                {f.text(c.title)}
              </Link>
            </h2>
            <p className="small muted">{f.text(c.issuer)}</p>
            <p className="ce-h">
              <b className="num">{f.number(c.hours)}</b> <span className="small">{common("hourUnit")}</span>
              <Ticks hours={c.hours} />
            </p>
            <p className="small muted num">
              {t("issuedOn", { date: f.date(c.issued_at) })}
              <br />
              <span className="mono">{c.serial}</span>
            </p>
            <div className="ce-a">
              <Link
                className="btn sm"
                to="/verify/$serial"
                params={{ serial: c.serial }}
                aria-label={`${t("open")}: ${f.text(c.title)}`}
              >
                {t("open")}
              </Link>
              <a
                className="btn quiet sm"
                href={c.pdf_url}
                aria-label={t("pdfOf", { title: f.text(c.title) })}
              >
                <Icon name="download" size="s" />
                PDF
              </a>
            </div>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="ce-more">
          <More list={list} />
        </div>
      )}
    </main>
  );
}
