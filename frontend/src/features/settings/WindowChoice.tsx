import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { type Percent, percents, setWindow, windowQuery } from "./api";
import { useSettings } from "./messages";

/** How long a person has for a presence check; kept as soon as it is chosen. */
export function WindowChoice({ window: { percent, usual_s } }: { window: Schemas["PresenceWindowAnswer"] }) {
  const t = useSettings();
  const f = useFormat();
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: setWindow,
    onSuccess: (answer) => queries.setQueryData(windowQuery.queryKey, answer),
  });
  const chosen = set.isPending ? set.variables : percent;
  const time = (p: Percent) => f.duration((usual_s * p) / 100);
  return (
    <section className="card" aria-labelledby="window">
      <h2 id="window">{t("window")}</h2>
      <p className="muted">{t("windowWhy")}</p>
      <fieldset className="wins" aria-labelledby="window">
        {percents.map((p) => (
          <label key={p} className="win">
            <input
              type="radio"
              name="window"
              checked={chosen === p}
              onChange={() => !set.isPending && set.mutate(p)}
            />
            <b>{t(`percent.${p}`)}</b>
            <span className="num muted">{time(p)}</span>
          </label>
        ))}
      </fieldset>
      <div role="status" className="small">
        {set.isPending && <p className="muted">{t("saving")}</p>}
        {set.isSuccess && (
          <p className="note v">
            <Icon name="passed" />
            {t("saved", { time: time(percent) })}
          </p>
        )}
        {set.isIdle && <p className="muted">{t("from")}</p>}
      </div>
      {set.isError && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {t("notSaved")}
        </p>
      )}
    </section>
  );
}
