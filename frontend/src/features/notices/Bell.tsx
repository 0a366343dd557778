import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Icon } from "../../ui/Icon";
import { unreadQuery } from "./api";
import { useNotices } from "./messages";
import "./bell.css";

/** Leads to the notices, and says how many are not read. */
export function Bell() {
  const t = useNotices();
  const { data } = useQuery(unreadQuery);
  const n = data?.unread ?? 0;
  const shown = n > 99 ? "99+" : String(n);
  return (
    <Link
      className="icon-btn bell"
      to="/notices"
      search={{}}
      aria-label={n > 0 ? t("bellUnread", { n: shown }) : t("bell")}
    >
      <Icon name="bell" />
      {n > 0 && (
        <span className="bell-n num" aria-hidden="true">
          {shown}
        </span>
      )}
    </Link>
  );
}
