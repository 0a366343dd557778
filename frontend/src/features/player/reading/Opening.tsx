import { useEffect } from "react";
import { Icon } from "../../../ui/Icon";
import { Skeleton } from "../../../ui/states";
import { useReading } from "./messages";

/** The session ended, or went on elsewhere: only another one can be sent the document. */
const gone = new Set([404, 409, 410]);

export function Opening() {
  const t = useReading();
  return (
    <div className="rdr-wait">
      <p className="vh" role="status">
        {t("opening")}
      </p>
      <Skeleton lines={9} />
    </div>
  );
}

interface Props {
  status: number;
  again: () => void;
  /** The session should ask what became of it. */
  onGone: () => void;
}

/** The document did not come: why, and the way on. */
export function OpenFailed({ status, again, onGone }: Props) {
  const t = useReading();
  const ended = gone.has(status);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each refusal
  useEffect(() => {
    if (ended) onGone();
  }, [ended]);
  useEffect(() => {
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [again]);
  return (
    <div className="note p" role="alert">
      <Icon name="warn" />
      <span className="grow">{t(ended ? "openEnded" : "openFailed")}</span>
      <button className="btn sm" type="button" onClick={again}>
        {t("again")}
      </button>
    </div>
  );
}
