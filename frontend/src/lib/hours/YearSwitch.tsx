import { Icon } from "../../ui/Icon";
import { useHours } from "./messages";

interface Props {
  year: number;
  years: number[];
  onGo: (year: number) => void;
}

/** One year back or forward, among those there are. */
export function YearSwitch({ year, years, onGo }: Props) {
  const t = useHours();
  return (
    <span className="yrs">
      <button
        className="icon-btn"
        type="button"
        disabled={year <= Math.min(...years)}
        aria-label={t("previousYear", { year: year - 1 })}
        onClick={() => onGo(year - 1)}
      >
        <Icon name="left" size="s" />
      </button>
      <b className="num">{year}</b>
      <button
        className="icon-btn"
        type="button"
        disabled={year >= Math.max(...years)}
        aria-label={t("nextYear", { year: year + 1 })}
        onClick={() => onGo(year + 1)}
      >
        <Icon name="right" size="s" />
      </button>
    </span>
  );
}
