import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { yearQuery } from "../../api/queries";
import { useFormat } from "../../lib/format";
import { Dial } from "../../ui/Dial";
import { useCatalog } from "./messages";

/** The reader's year beside the search: how much is still to find. */
export function YearCard() {
  const t = useCatalog();
  const f = useFormat();
  const { data: year } = useQuery(yearQuery());
  if (!year) return null;
  const over = Math.max(0, year.recorded.public - year.by_subject.public);
  return (
    <Link className="yr" to="/hours">
      <Dial
        year={{
          required: year.required,
          professional: year.by_subject.professional,
          public: year.by_subject.public,
          publicCap: year.public_cap,
          over,
        }}
      />
      <span>
        <b className="num">
          {f.number(year.counted)} / {f.number(year.required)}
        </b>
        <span>{t("yearHours", { year: year.year })}</span>
        <em className="num">
          {year.met ? t("yearMet") : t("yearLeft", { missing: f.number(year.missing), days: year.days_left })}
        </em>
      </span>
    </Link>
  );
}
