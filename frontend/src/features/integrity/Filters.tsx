import { getRouteApi, Link } from "@tanstack/react-router";
import { Icon } from "../../ui/Icon";
import "../../ui/forms.css";
import type { Flag } from "./api";
import { useIntegrity } from "./messages";

const route = getRouteApi("/workspace/integrity");
const states = ["open", "upheld", "dismissed"] as const;
const severities = [undefined, "serious", "notice"] as const;
const kinds = [
  "fast-answers",
  "metronome",
  "round-the-clock",
  "guessing",
  "failed-checks",
  "shared-device",
] as const satisfies Flag["kind"][];

/** What the queue shows; the address remembers it. */
export function Filters() {
  const t = useIntegrity();
  const { state = "open", kind, severity } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <nav className="tabs" aria-label={t("filter")}>
        {states.map((s) => (
          <Link
            key={s}
            to="."
            search={{ kind, severity, state: s === "open" ? undefined : s }}
            aria-current={state === s ? "page" : undefined}
            activeProps={{}}
          >
            {t(`state.${s}`)}
          </Link>
        ))}
      </nav>
      <div className="fi-f">
        <fieldset className="seg" aria-label={t("severity")}>
          {severities.map((s) => (
            <button
              key={s ?? "all"}
              type="button"
              aria-pressed={severity === s}
              onClick={() => void navigate({ search: (old) => ({ ...old, id: undefined, severity: s }) })}
            >
              {s ? t(`severity.${s}`) : t("all")}
            </button>
          ))}
        </fieldset>
        <span className="field sel">
          <select
            aria-label={t("kindOf")}
            value={kind ?? ""}
            onChange={(e) => {
              const chosen = kinds.find((k) => k === e.target.value);
              void navigate({ search: (old) => ({ ...old, id: undefined, kind: chosen }) });
            }}
          >
            <option value="">{t("allKinds")}</option>
            {kinds.map((k) => (
              <option key={k} value={k}>
                {t(`kind.${k}`)}
              </option>
            ))}
          </select>
          <Icon name="down" size="s" />
        </span>
      </div>
    </>
  );
}
