import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { type Choice, type Kind, type Mail, prefer, preferencesQuery } from "./api";
import { useNotices } from "./messages";
import "./notices.css";

const groups = ["learning", "teaching", "work", "record", "security"] as const;
const ways: Mail[] = ["now", "digest", "off"];

function Row({ kind: k, onChange }: { kind: Kind; onChange: (changed: Kind) => void }) {
  const t = useNotices();
  const name = t(`kind.${k.kind}` as Parameters<typeof t>[0]);
  if (k.binding)
    return (
      <li className="no-pref">
        <b>{name}</b>
        <span className="small muted no-always">
          <Icon name="lock" size="s" />
          {t("always")}
        </span>
      </li>
    );
  return (
    <li className="no-pref">
      <b>{name}</b>
      <label className="no-box">
        <input
          type="checkbox"
          aria-label={`${name}: ${t("inProduct")}`}
          checked={k.in_product}
          onChange={(e) => onChange({ ...k, in_product: e.target.checked })}
        />
        {t("inProduct")}
      </label>
      <label className="no-box">
        {t("mail")}
        <select
          aria-label={`${name}: ${t("mail")}`}
          value={k.mail}
          onChange={(e) => onChange({ ...k, mail: e.target.value as Mail })}
        >
          {ways.map((w) => (
            <option key={w} value={w}>
              {t(`mail.${w}`)}
            </option>
          ))}
        </select>
      </label>
    </li>
  );
}

const chosenOf = (k: Kind, choices: Choice[]): Kind => ({ ...k, ...choices.find((c) => c.kind === k.kind) });

/** What one wants to be told of, and how; kept as soon as it is chosen. */
export function PreferencesPage() {
  const t = useNotices();
  const list = useQuery(preferencesQuery);
  const queries = useQueryClient();
  const kept = preferencesQuery.queryKey;
  // A choice is seen at once and the next one builds on it: a row is sent whole, one after the other.
  const set = useMutation({
    mutationKey: kept,
    scope: { id: "notice-preferences" },
    mutationFn: prefer,
    onMutate: async ({ choices = [] }) => {
      await queries.cancelQueries({ queryKey: kept });
      queries.setQueryData(
        kept,
        (old) => old && { ...old, choices: old.choices.map((k) => chosenOf(k, choices)) },
      );
    },
    onSettled: () => {
      if (queries.isMutating({ mutationKey: kept }) === 1) void queries.invalidateQueries({ queryKey: kept });
    },
  });
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const change = ({ kind, in_product, mail }: Kind) => set.mutate({ choices: [{ kind, in_product, mail }] });
  useTitle(t("prefTitle"));
  return (
    <main id="main" className="wrap notices">
      <div className="head1">
        <h1>{t("prefTitle")}</h1>
        <Link className="btn quiet end" to="/notices" search={{}}>
          <Icon name="back" />
          {t("back")}
        </Link>
      </div>
      <p>{t("prefText")}</p>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={8} />}
      {list.data && (
        <>
          <p className="muted">{t("zone", { zone: list.data.zone })}</p>
          {here && here !== list.data.zone && (
            <button className="btn quiet sm" type="button" onClick={() => set.mutate({ zone: here })}>
              {t("zoneHere", { zone: here })}
            </button>
          )}
          <div role="status" className="small no-state">
            {set.isPending && t("saving")}
            {set.isSuccess && t("saved")}
          </div>
          {set.isError && (
            <p className="note x" role="alert">
              <Icon name="warn" />
              {t("notSaved")}
            </p>
          )}
          {groups.map((g) => (
            <section key={g} className="card no-group" aria-labelledby={`no-${g}`}>
              <h2 id={`no-${g}`}>{t(`group.${g}`)}</h2>
              <ul>
                {list.data.choices
                  .filter((k) => k.group === g)
                  .map((k) => (
                    <Row key={k.kind} kind={k} onChange={change} />
                  ))}
              </ul>
            </section>
          ))}
        </>
      )}
    </main>
  );
}
