import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { assetQuery, putCaptions } from "./api";
import { useAuthoring } from "./messages";
import type { Asset } from "./model";
import { useEditor } from "./useEditor";

type Language = "zh" | "en";

/** The server says which line of the file is wrong, as body:12. */
function Wrong({ error }: { error: unknown }) {
  const t = useAuthoring();
  const common = useCommon();
  const refused = error instanceof Problem && error.status === 422;
  const line = refused ? error.fields[0]?.location.match(/^body:(\d+)$/)?.[1] : undefined;
  return (
    <p className="lf-e" role="alert">
      {line ? t("captionsLine", { line }) : refused ? t("captionsOther") : explain(error, common)}
    </p>
  );
}

function Track({ asset, language }: { asset: Asset; language: Language }) {
  const t = useAuthoring();
  const common = useCommon();
  const editor = useEditor();
  const queries = useQueryClient();
  const track = asset.captions.find((c) => c.language === language);
  const put = useMutation({
    mutationFn: (file: File) => putCaptions(asset.id, language, file),
    onSuccess: (changed) => {
      queries.setQueryData(assetQuery(asset.id).queryKey, changed);
      editor.note(changed);
    },
  });
  return (
    <li>
      <span className="cap-l">
        <Icon name="captions" size="s" />
        <b>{common(`language.${language}`)}</b>
        <span className="small muted">{track ? t("cues", { count: track.cues }) : t("noCaptions")}</span>
      </span>
      <label className="btn sm">
        <input
          className="vh"
          type="file"
          accept=".vtt,.srt,text/vtt"
          disabled={put.isPending}
          aria-label={t("captionsIn", { language: common(`language.${language}`) })}
          onChange={(e) => {
            const file = e.target.files?.[0];
            e.target.value = "";
            if (file) put.mutate(file);
          }}
        />
        {t(track ? "replaceCaptions" : "uploadCaptions")}
      </label>
      {put.isError && <Wrong error={put.error} />}
    </li>
  );
}

/** Captions of a video, one file a language. */
export function Captions({ asset }: { asset: Asset }) {
  const t = useAuthoring();
  return (
    <div className="caps">
      <h4>{t("captions")}</h4>
      <ul>
        <Track asset={asset} language="zh" />
        <Track asset={asset} language="en" />
      </ul>
      <p className="lf-h">{t("captionsHint")}</p>
    </div>
  );
}
