import { i18n, type Key } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import type en from "./locale/en.json";
import { useOrgSignIn } from "./messages";

interface Props {
  problem: string;
  reference: string | undefined;
  again: (() => void) | undefined;
}

/** What went wrong at the provider or on the way back, what is safe, and what to do. */
export function Trouble({ problem, reference, again }: Props) {
  const t = useOrgSignIn();
  const known = i18n.exists(`problem.${problem}`, { ns: "orgsignin" });
  const key = (known ? `problem.${problem}` : "problem.unavailable") as Key<typeof en>;
  return (
    <div className="osi-trouble" role="alert">
      <p>
        <Icon name="warn" />
        <b>{t("problem.title")}</b>
      </p>
      <p>{t(key)}</p>
      <p className="small">{t("problem.safe")}</p>
      {again && (
        <button className="btn sm" type="button" onClick={again}>
          {t("again")}
        </button>
      )}
      {reference && <p className="small muted mono">{t("ref", { ref: reference })}</p>}
    </div>
  );
}
