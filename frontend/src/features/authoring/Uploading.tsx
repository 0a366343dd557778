import { useState } from "react";
import { bytes } from "../../lib/bytes";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Progress } from "../../ui/Progress";
import { useAuthoring } from "./messages";
import type { Asset } from "./model";
import { uploads } from "./sending";
import { bytesThere, isSameFile, type Upload } from "./uploads";
import { useSend } from "./useBeginUpload";

/** After a reload the browser has forgotten the file: it is chosen again and only what is missing is sent. */
function Continue({ asset }: { asset: Asset }) {
  const t = useAuthoring();
  const f = useFormat();
  const send = useSend();
  const [other, setOther] = useState<string>();
  const there = bytesThere(asset.size_bytes, asset.part_size, asset.parts);
  const of = { there: bytes(there, f.locale), size: bytes(asset.size_bytes, f.locale) };
  return (
    <div className="note p">
      <Icon name="upload" />
      <div className="grow form">
        <p>
          <b>{t("interrupted")}</b> {t("interruptedText", { ...of, name: asset.filename })}
        </p>
        <Progress label={t("arrived")} value={there / asset.size_bytes} text={`${of.there} / ${of.size}`} />
        <label className="btn sm up-again">
          <input
            className="vh"
            type="file"
            onChange={(e) => {
              const file = e.target.files?.[0];
              e.target.value = "";
              if (!file) return;
              if (isSameFile(asset, file)) send(asset, file);
              else setOther(file.name);
            }}
          />
          {t("continueUpload")}
        </label>
        {other && (
          <p className="lf-e" role="alert">
            {t("otherFile", { other, name: asset.filename, size: of.size })}
          </p>
        )}
      </div>
    </div>
  );
}

/** How much of a file has been sent, and what to do when it got stuck. */
export function Uploading({ asset, upload }: { asset: Asset; upload?: Upload }) {
  const t = useAuthoring();
  const common = useCommon();
  const f = useFormat();
  if (!upload) return <Continue asset={asset} />;
  const text = `${bytes(upload.sent, f.locale)} / ${bytes(upload.size, f.locale)}`;
  return (
    <>
      <Progress label={t("uploading")} value={upload.sent / upload.size} text={text} />
      {upload.state === "stopped" ? (
        <div className="note x" role="alert">
          <Icon name="warn" />
          <div>
            <p>
              <b>{t("uploadStopped")}</b> {explain(upload.error, common)}
            </p>
            <button className="btn sm" type="button" onClick={() => void uploads.retry(asset.id)}>
              {t("retryUpload")}
            </button>
          </div>
        </div>
      ) : (
        <p className="small muted">{t("uploadingHint")}</p>
      )}
    </>
  );
}
