import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Entries } from "../../lib/hours/Entries";
import { Glance } from "../../lib/hours/Glance";
import "../../lib/hours/hours.css";
import { Rules } from "../../lib/hours/Rules";
import { YearSwitch } from "../../lib/hours/YearSwitch";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { fileQuery } from "./api";
import { usePeople } from "./messages";
import "./people.css";

const route = getRouteApi("/workspace/hours/$personId");

/** A person's year as an officer sees it: the same page as the person's own, to read. */
export function PersonPage() {
  const t = usePeople();
  const f = useFormat();
  const { personId } = route.useParams();
  const { year: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const file = useQuery({
    ...fileQuery(personId, asked),
    // Another year of the same person may stand meanwhile; another person may not.
    placeholderData: (before, query) =>
      query?.queryKey[1] === personId ? keepPreviousData(before) : undefined,
  });
  useTitle(file.data?.person.name);
  const go = (year: number) => void navigate({ search: (s) => ({ ...s, year }) });
  return (
    <main id="main" className="wsp hours person">
      <p className="crumb">
        <Link to="/workspace/hours" search={{}}>
          <Icon name="left" size="s" />
          {t("back")}
        </Link>
      </p>
      {file.isError && (
        <>
          <h1 className="vh">{t("back")}</h1>
          <Failure error={file.error} retry={() => void file.refetch()} />
        </>
      )}
      {file.isPending && <Skeleton lines={8} tall />}
      {file.data && !file.isError && (
        <>
          <div className="hd">
            <div>
              <h1>{file.data.person.name}</h1>
              <p className="muted">{f.text(file.data.org.name)}</p>
            </div>
            <YearSwitch year={file.data.account.year} years={file.data.account.years} onGo={go} />
          </div>
          <Glance year={file.data.account} />
          <Entries year={file.data.account} />
          <Rules year={file.data.account} />
          <p className="note">
            <Icon name="eye" />
            {t("looked", { name: file.data.person.name })}
          </p>
        </>
      )}
    </main>
  );
}
