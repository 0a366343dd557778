import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { yearQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { Entries } from "./Entries";
import { Glance } from "./Glance";
import "./hours.css";
import { useHours } from "./messages";

const route = getRouteApi("/learner/own/hours");

function YearSwitch({ year, years }: { year: number; years: number[] }) {
  const t = useHours();
  const navigate = route.useNavigate();
  const go = (to: number) => void navigate({ search: { year: to } });
  return (
    <span className="yrs">
      <button
        className="icon-btn"
        type="button"
        disabled={year <= Math.min(...years)}
        aria-label={t("previousYear", { year: year - 1 })}
        onClick={() => go(year - 1)}
      >
        <Icon name="left" size="s" />
      </button>
      <b className="num">{year}</b>
      <button
        className="icon-btn"
        type="button"
        disabled={year >= Math.max(...years)}
        aria-label={t("nextYear", { year: year + 1 })}
        onClick={() => go(year + 1)}
      >
        <Icon name="right" size="s" />
      </button>
    </span>
  );
}

export function HoursPage() {
  const t = useHours();
  const f = useFormat();
  const { year: asked } = route.useSearch();
  const account = useQuery({ ...yearQuery(asked), placeholderData: keepPreviousData });
  useTitle(t("title"));
  const year = account.data;
  return (
    <main id="main" className="wrap hours">
      <div className="hd">
        <h1>{t("title")}</h1>
        {year && <YearSwitch year={year.year} years={year.years} />}
        <div className="acts">
          <Link className="btn" to="/evidence">
            <Icon name="shield" size="s" />
            {t("evidence")}
          </Link>
        </div>
      </div>
      {account.isError && <Failure error={account.error} retry={() => void account.refetch()} />}
      {account.isPending && <Skeleton lines={8} tall />}
      {year && !account.isError && (
        <>
          <Glance year={year} />
          <Entries year={year} />
          <p className="rules small muted">
            {t("policy", {
              title: f.text(year.policy.title),
              minutes: year.policy.hour_minutes,
              num: year.policy.public_share[0],
              den: year.policy.public_share[1],
            })}
          </p>
        </>
      )}
    </main>
  );
}
