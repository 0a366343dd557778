import { Link } from "@tanstack/react-router";
import { Problem } from "../api/problem";
import type { IconName } from "../ui/Icon";
import { Message } from "../ui/states";
import { i18n, type Key, type Translate } from "./i18n";
import type en from "./locale/en.json";
import { useCommon } from "./messages";

type Common = typeof en;

const looks: Record<number, { icon: IconName; title: Key<Common> }> = {
  0: { icon: "offline", title: "problem.networkTitle" },
  401: { icon: "lock", title: "problem.signInTitle" },
  403: { icon: "lock", title: "problem.forbiddenTitle" },
  404: { icon: "search", title: "problem.notFoundTitle" },
};

/** What went wrong in the reader's words: by the problem's code, else as the server wrote it. */
export function explain(error: unknown, t: Translate<Common>): string {
  if (!(error instanceof Problem)) return t("problem.internal");
  const key = `problem.${error.code}`;
  if (i18n.exists(key, { ns: "common" })) return t(key as Key<Common>);
  return error.status >= 500 ? t("problem.internal") : error.detail || error.message;
}

/** A failed page or panel: what happened, what is safe, what to do next. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useCommon();
  const problem = error instanceof Problem ? error : undefined;
  const look = looks[problem?.status ?? -1] ?? { icon: "warn" as const, title: "problem.title" as const };
  return (
    <Message
      icon={look.icon}
      title={t(look.title)}
      alert
      actions={
        <>
          {problem?.status === 401 && (
            <Link className="btn primary" to="/sign-in" search={{ to: location.pathname }}>
              {t("signIn")}
            </Link>
          )}
          {problem?.code === "second-factor-required" && (
            <Link className="btn primary" to="/settings/security">
              {t("setUpFactor")}
            </Link>
          )}
          {retry && ![401, 403, 404].includes(problem?.status ?? -1) && (
            <button className="btn primary" type="button" onClick={retry}>
              {t("retry")}
            </button>
          )}
          <Link className="btn" to="/">
            {t("home")}
          </Link>
        </>
      }
    >
      <p>{explain(error, t)}</p>
      {problem && problem.status >= 500 && problem.requestId && (
        <p className="small muted mono">{t("requestId", { id: problem.requestId })}</p>
      )}
    </Message>
  );
}
