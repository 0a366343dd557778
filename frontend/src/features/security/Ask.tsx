import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";

interface Props {
  title: string;
  text: string;
  act: string;
  onClose: () => void;
  onAct: () => void;
}

/** Asks before something is taken away. */
export function Ask({ title, text, act, onClose, onAct }: Props) {
  const common = useCommon();
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <div className="sec-acts end">
        <button className="btn" type="button" onClick={onClose}>
          {common("cancel")}
        </button>
        <button
          className="btn danger"
          type="button"
          onClick={() => {
            onClose();
            onAct();
          }}
        >
          {act}
        </button>
      </div>
    </Dialog>
  );
}
