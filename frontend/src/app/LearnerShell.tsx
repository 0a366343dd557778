import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { meQuery } from "../api/queries";
import { Bell } from "../features/notices/Bell";
import { useOnline } from "../lib/hooks";
import { Glass, Icon } from "../ui/Icon";
import { AccountMenu } from "./AccountMenu";
import { useApp } from "./messages";
import { SearchLauncher, SearchShortcut } from "./SearchLauncher";
import { LanguageSwitch, ThemeSwitch } from "./Toggles";

const places = [
  { to: "/", key: "courses", icon: "search", also: /^\/$|^\/courses/ },
  { to: "/learning", key: "learning", icon: "book", also: /^\/(learn|notes)/ },
  { to: "/hours", key: "hours", icon: "clock", also: /^\/hours/ },
  { to: "/certificates", key: "certificates", icon: "medal", also: /^\/certificates/ },
] as const;

export function LearnerShell() {
  const t = useApp();
  const { data: me } = useQuery(meQuery);
  const path = useRouterState({ select: (s) => s.location.pathname });
  const busy = useRouterState({ select: (s) => s.isLoading });
  const online = useOnline();
  const shown = me ? places : places.slice(0, 1);
  const current = (also: RegExp) => (also.test(path) ? "page" : undefined);
  return (
    <>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      {busy && <div className="busy" />}
      {me && <SearchShortcut me={me} />}
      <header className="top">
        <div className="wrap top-in">
          <Link className="brand" to="/">
            <Glass />
            <span>Hourglass</span>
            <small>{t("tagline")}</small>
          </Link>
          <nav className="top-nav" aria-label={t("nav")}>
            {shown.map((p) => (
              <Link key={p.to} to={p.to} aria-current={current(p.also)}>
                {t(p.key)}
              </Link>
            ))}
          </nav>
          <div className="top-tools">
            {me && <SearchLauncher me={me} />}
            <LanguageSwitch />
            <ThemeSwitch />
            {me && <Bell />}
            {me && <AccountMenu me={me} />}
            {me === null && (
              <>
                <Link className="btn quiet sm" to="/sign-in">
                  {t("signIn")}
                </Link>
                <Link className="btn sm wide-only" to="/sign-up">
                  {t("signUp")}
                </Link>
              </>
            )}
          </div>
        </div>
      </header>
      {!online && (
        <div className="offbar" role="status">
          <Icon name="offline" />
          {t("offline")}
        </div>
      )}
      <div className={me ? "page has-tabbar" : "page"}>
        <Outlet />
      </div>
      <footer className={me ? "foot has-tabbar" : "foot"}>
        <div className="wrap">
          <span>{t("promise")}</span>
          <Link to="/verify">{t("verify")}</Link>
          <Link to="/privacy">{t("privacy")}</Link>
          <a href="/api/docs">{t("api")}</a>
        </div>
      </footer>
      {me && (
        <nav className="tabbar" aria-label={t("nav")}>
          {places.map((p) => (
            <Link key={p.to} to={p.to} aria-current={current(p.also)}>
              <Icon name={p.icon} />
              {t(p.key)}
            </Link>
          ))}
        </nav>
      )}
    </>
  );
}
