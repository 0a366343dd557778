import { useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Problem } from "../../api/problem";
import { useTitle } from "../../lib/hooks";
import { Message } from "../../ui/states";
import { unsubscribe } from "./api";
import zh from "./locale/zh.json";
import { useNotices } from "./messages";

/** Where the link in a mail leads: asks once, and needs no sign-in. */
export function UnsubscribePage() {
  const t = useNotices();
  const { kind, proof } = useParams({ from: "/learner/unsubscribe/$kind/$proof" });
  const stop = useMutation({ mutationFn: () => unsubscribe(kind, proof) });
  const key = `kind.${kind}`;
  const bad = !(key in zh) || (stop.error instanceof Problem && stop.error.status === 404);
  useTitle(t("stopTitle"));
  const settings = (
    <Link className="btn" to="/settings/notices">
      {t("settings")}
    </Link>
  );
  return (
    <main id="main" className="wrap">
      <h1 className="vh">{t("stopTitle")}</h1>
      {bad ? (
        <Message icon="link" title={t("badLink")} actions={settings}>
          <p>{t("badLinkText")}</p>
        </Message>
      ) : stop.isSuccess ? (
        <Message icon="passed" title={t("stopped")} actions={settings}>
          <p role="status">{t("stoppedText")}</p>
        </Message>
      ) : (
        <Message
          icon="bell"
          title={t("stopTitle")}
          actions={
            <button
              className="btn primary"
              type="button"
              disabled={stop.isPending}
              onClick={() => stop.mutate()}
            >
              {t(stop.isPending ? "stopping" : "stop")}
            </button>
          }
        >
          <p>{t("stopText", { kind: t(key as Parameters<typeof t>[0]) })}</p>
          {stop.isError && <p role="alert">{t("notStopped")}</p>}
        </Message>
      )}
    </main>
  );
}
