import type { FormEvent, ReactNode } from "react";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";

interface Props {
  title: string;
  text?: string;
  act: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  onAct: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** A deed in a dialog: what it does, what it wants to know, and what went wrong. */
export function Form({ title, text, act, danger, busy, error, onAct, onClose, children }: Props) {
  const common = useCommon();
  const submit = (e: FormEvent) => {
    e.preventDefault();
    onAct();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="og-form" onSubmit={submit} noValidate>
        {text && <p className="muted">{text}</p>}
        {children}
        {error !== null && error !== undefined && (
          <p className="note x" role="alert">
            {explain(error, common)}
          </p>
        )}
        <div className="acts">
          <button className="btn" type="button" onClick={onClose}>
            {common("cancel")}
          </button>
          <button className={danger ? "btn danger" : "btn primary"} type="submit" disabled={busy}>
            {act}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
