import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { yearQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { Entries } from "../../lib/hours/Entries";
import { Glance } from "../../lib/hours/Glance";
import "../../lib/hours/hours.css";
import { useHours } from "../../lib/hours/messages";
import { Rules } from "../../lib/hours/Rules";
import { YearSwitch } from "../../lib/hours/YearSwitch";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";

const route = getRouteApi("/learner/own/hours");

export function HoursPage() {
  const t = useHours();
  const { year: asked } = route.useSearch();
  const account = useQuery({ ...yearQuery(asked), placeholderData: keepPreviousData });
  useTitle(t("title"));
  const navigate = route.useNavigate();
  const year = account.data;
  const go = (to: number) => void navigate({ search: { year: to } });
  return (
    <main id="main" className="wrap hours">
      <div className="hd">
        <h1>{t("title")}</h1>
        {year && <YearSwitch year={year.year} years={year.years} onGo={go} />}
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
          <Glance year={year} own />
          <Entries year={year} />
          <Rules year={year} />
        </>
      )}
    </main>
  );
}
