import { Link, useRouter } from "@tanstack/react-router";
import { Problem } from "../api/problem";
import { Failure } from "../lib/Failure";
import { useTitle } from "../lib/hooks";
import { Message, Skeleton } from "../ui/states";
import { useApp } from "./messages";

export function NotFound() {
  const t = useApp();
  useTitle(t("notFound"));
  return (
    <main id="main" className="wrap">
      <h1 className="vh">{t("notFound")}</h1>
      <Message
        icon="search"
        title={t("notFound")}
        actions={
          <Link className="btn primary" to="/">
            {t("courses")}
          </Link>
        }
      >
        <p>{t("notFoundText")}</p>
      </Message>
    </main>
  );
}

/** A route that threw: a problem of the server's, or a part of the program that did not arrive. */
export function RouteFailed({ error }: { error: unknown }) {
  const t = useApp();
  const router = useRouter();
  if (error instanceof Problem) {
    return (
      <main id="main" className="wrap">
        <h1 className="vh">{t("broken")}</h1>
        <Failure error={error} retry={() => void router.invalidate()} />
      </main>
    );
  }
  return (
    <main id="main" className="wrap">
      <h1 className="vh">{t("broken")}</h1>
      <Message
        icon="warn"
        title={t("broken")}
        alert
        actions={
          <button className="btn primary" type="button" onClick={() => location.reload()}>
            {t("reload")}
          </button>
        }
      >
        <p>{t("brokenText")}</p>
      </Message>
    </main>
  );
}

export function RoutePending() {
  return (
    <main id="main" className="wrap">
      <Skeleton lines={5} tall />
    </main>
  );
}
