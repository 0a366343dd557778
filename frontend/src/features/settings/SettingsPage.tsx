import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { Skeleton } from "../../ui/states";
import { windowQuery } from "./api";
import { useSettings } from "./messages";
import "./settings.css";
import { WindowChoice } from "./WindowChoice";

export function SettingsPage() {
  const t = useSettings();
  const window = useQuery(windowQuery);
  useTitle(t("title"));
  return (
    <main id="main" className="wrap settings">
      <h1>{t("title")}</h1>
      {window.isError && <Failure error={window.error} retry={() => void window.refetch()} />}
      {window.isPending && <Skeleton lines={5} tall />}
      {window.data && <WindowChoice window={window.data} />}
      <nav className="set-more" aria-label={t("more")}>
        <Link to="/settings/security">{t("security")}</Link>
        <Link to="/settings/notices">{t("notices")}</Link>
        <Link to="/settings/identity">{t("identity")}</Link>
        <Link to="/settings/privacy">{t("privacy")}</Link>
        <Link to="/settings/access">{t("access")}</Link>
      </nav>
    </main>
  );
}
