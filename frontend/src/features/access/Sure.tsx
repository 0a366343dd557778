import type { UseMutationResult } from "@tanstack/react-query";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { useAccess } from "./messages";

interface Props {
  title: string;
  text: string;
  act: string;
  id: string;
  ending: UseMutationResult<unknown, Error, string>;
  onClose: () => void;
}

/** Asks before something ends for good. */
export function Sure({ title, text, act, id, ending, onClose }: Props) {
  const t = useAccess();
  const common = useCommon();
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      {ending.isError && (
        <p className="note x" role="alert">
          {explain(ending.error, common)}
        </p>
      )}
      <div className="acs-acts">
        <button className="btn" type="button" onClick={onClose}>
          {t("cancel")}
        </button>
        <button
          className="btn danger"
          type="button"
          disabled={ending.isPending}
          onClick={() => ending.mutate(id, { onSuccess: onClose })}
        >
          {act}
        </button>
      </div>
    </Dialog>
  );
}
