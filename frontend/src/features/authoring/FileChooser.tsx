import { type DragEvent, useId, useState } from "react";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { useAuthoring } from "./messages";
import type { Asset } from "./model";

interface Props {
  kind: Asset["kind"];
  replace: boolean;
  busy: boolean;
  error: unknown;
  onFile: (file: File) => void;
}

const accept = { video: "video/*,.mkv,.mov,.mp4,.webm,.avi,.ts", document: "application/pdf,.pdf" };

/** Takes a file by choosing or by dropping it. */
export function FileChooser({ kind, replace, busy, error, onFile }: Props) {
  const t = useAuthoring();
  const common = useCommon();
  const id = useId();
  const [over, setOver] = useState(false);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    const file = e.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the input inside is the first */}
      <div
        className="drop"
        data-over={over || undefined}
        data-small={replace || undefined}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          id={id}
          className="vh"
          type="file"
          accept={accept[kind]}
          disabled={busy}
          onChange={(e) => {
            const file = e.target.files?.[0];
            e.target.value = "";
            if (file) onFile(file);
          }}
        />
        <label className="btn" htmlFor={id}>
          <Icon name="upload" size="s" />
          {t(replace ? `replace.${kind}` : `choose.${kind}`)}
        </label>
        <span className="small muted">{t(`dropHint.${kind}`)}</span>
      </div>
      {error ? (
        <p className="lf-e" role="alert">
          {explain(error, common)}
        </p>
      ) : null}
    </div>
  );
}
