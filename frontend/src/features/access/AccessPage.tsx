import { Link } from "@tanstack/react-router";
import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import "./access.css";
import { Links } from "./Links";
import { useAccess } from "./messages";
import { Tokens } from "./Tokens";

/** The other ways in: a program's token, and the account at one's organisation. */
export function AccessPage() {
  const t = useAccess();
  useTitle(t("title"));
  return (
    <main id="main" className="wrap access">
      <Link className="acs-back" to="/settings">
        <Icon name="back" size="s" />
        {t("back")}
      </Link>
      <h1>{t("title")}</h1>
      <Links />
      <Tokens />
    </main>
  );
}
