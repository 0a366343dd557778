import { useState } from "react";
import { Problem } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon, type IconName } from "../../ui/Icon";
import type { Status } from "./editor";
import { useAuthoring } from "./messages";
import { useEditor, useSnapshot } from "./useEditor";

const icons: Record<Status, IconName> = {
  saved: "saved",
  waiting: "saved",
  saving: "saved",
  failed: "offline",
  refused: "warn",
  conflict: "warn",
};

/** Whether what is written here stands on the server. */
export function SaveState() {
  const t = useAuthoring();
  const f = useFormat();
  const editor = useEditor();
  const { status, savedAt } = useSnapshot(editor);
  if (!editor.editable) return null;
  const words =
    status === "saved"
      ? savedAt
        ? t("savedAt", { time: f.date(savedAt, "second") })
        : t("savedAll")
      : t(`save.${status}`);
  return (
    <span className={`ed-s ${status}`} role="status" data-testid="save-state">
      <Icon name={icons[status]} size="s" />
      {words}
    </span>
  );
}

function Choice() {
  const t = useAuthoring();
  const common = useCommon();
  const editor = useEditor();
  const [error, setError] = useState<unknown>();
  const act = (what: () => Promise<void>) => () => void what().catch(setError);
  return (
    <div className="note p ed-conflict" role="alert">
      <Icon name="warn" />
      <div>
        <b>{t("conflict")}</b>
        <p>{t("conflictText")}</p>
        {error !== undefined && <p className="lf-e">{explain(error, common)}</p>}
        <div className="row wrapping">
          <button className="btn primary sm" type="button" onClick={act(() => editor.overlay())}>
            {t("conflictReload")}
          </button>
          <button className="btn sm" type="button" onClick={act(() => editor.discard())}>
            {t("conflictDiscard")}
          </button>
        </div>
      </div>
    </div>
  );
}

function Refusal({ error }: { error: unknown }) {
  const t = useAuthoring();
  const common = useCommon();
  const editor = useEditor();
  const fields = error instanceof Problem ? error.fields : [];
  return (
    <div className="note x ed-conflict" role="alert">
      <Icon name="warn" />
      <div>
        <b>{t("refused")}</b>
        <p>{explain(error, common)}</p>
        {fields.length > 0 && (
          <ul className="small">
            {fields.map((e) => (
              <li key={e.location}>
                <span className="mono">{e.location}</span> {e.message}
              </li>
            ))}
          </ul>
        )}
        <div className="row wrapping">
          <button className="btn sm" type="button" onClick={() => void editor.save()}>
            {common("retry")}
          </button>
          <button className="btn sm" type="button" onClick={() => void editor.discard()}>
            {t("conflictDiscard")}
          </button>
        </div>
      </div>
    </div>
  );
}

/** What stands in the way of saving, and what can be done about it. Nothing typed is lost meanwhile. */
export function Conflict() {
  const t = useAuthoring();
  const common = useCommon();
  const editor = useEditor();
  const { status, error } = useSnapshot(editor);
  if (status === "conflict") return <Choice />;
  if (status === "refused") return <Refusal error={error} />;
  if (status !== "failed") return null;
  return (
    <div className="note p ed-conflict" role="alert">
      <Icon name="offline" />
      <div>
        <p>{t("saveFailed")}</p>
        <button className="btn sm" type="button" onClick={() => void editor.save()}>
          {common("retry")}
        </button>
      </div>
    </div>
  );
}
