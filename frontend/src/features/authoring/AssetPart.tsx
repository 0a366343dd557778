import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { HlsVideo } from "../../ui/HlsVideo";
import { Icon } from "../../ui/Icon";
import { AssetPicker } from "./AssetPicker";
import { assetQuery } from "./api";
import { Captions } from "./Captions";
import { FileChooser } from "./FileChooser";
import { useAuthoring } from "./messages";
import type { Asset, EditLesson } from "./model";
import { Packaging } from "./Packaging";
import { uploads } from "./sending";
import { Uploading } from "./Uploading";
import { useBeginUpload } from "./useBeginUpload";
import { useEditor, useSnapshot } from "./useEditor";

/** The file as the server has it now; the outline and the list of what is missing follow it. */
function useAsset(read: Asset): Asset {
  const editor = useEditor();
  const asset = useQuery({ ...assetQuery(read.id), placeholderData: read }).data ?? read;
  useEffect(() => {
    if (asset.state === read.state) return;
    editor.note(asset);
    if (asset.state === "ready" || asset.state === "failed") void editor.refresh().catch(() => undefined);
  }, [asset, read.state, editor]);
  return asset;
}

function Ready({ asset, title }: { asset: Asset; title: string }) {
  const t = useAuthoring();
  const common = useCommon();
  const f = useFormat();
  if (asset.kind === "document") {
    return (
      <a className="btn" href={asset.file_url} target="_blank" rel="noreferrer">
        <Icon name="file" />
        {t("openPdf")}
      </a>
    );
  }
  const rungs = asset.renditions.map((r) => `${r.height}p`).join(" · ");
  return (
    <>
      <HlsVideo
        src={asset.preview_url ?? ""}
        poster={asset.poster_url}
        label={title || asset.filename}
        captions={asset.captions.map((c) => ({ ...c, label: common(`language.${c.language}`) }))}
        failed={t("previewFailed")}
      />
      <p className="small muted num">
        {f.clock(asset.duration_ms / 1000)} · {asset.width} × {asset.height} · {rungs}
      </p>
      <Captions asset={asset} />
    </>
  );
}

function Failed({ asset }: { asset: Asset }) {
  const t = useAuthoring();
  const known = [
    "not-a-video",
    "no-picture",
    "truncated",
    "too-short",
    "too-long",
    "picture-too-large",
    "unsupported",
    "not-a-pdf",
    "parts-differ",
    "gave-up",
  ] as const;
  const code = known.find((k) => k === asset.failure_code);
  return (
    <div className="note x" role="alert">
      <Icon name="warn" />
      <div>
        <b>{t("fileFailed")}</b>
        <p>{code ? t(`failure.${code}`) : asset.failure}</p>
      </div>
    </div>
  );
}

function Present({ read, title }: { read: Asset; title: string }) {
  const asset = useAsset(read);
  const upload = useSyncExternalStore(uploads.subscribe, () => uploads.get(asset.id));
  return (
    <div className="as" data-testid="asset" data-state={asset.state}>
      <p className="as-n">
        <Icon name={asset.kind === "video" ? "video" : "file"} />
        <b>{asset.filename}</b>
      </p>
      {asset.state === "uploading" && <Uploading asset={asset} upload={upload} />}
      {(asset.state === "queued" || asset.state === "probing" || asset.state === "packaging") && (
        <Packaging asset={asset} />
      )}
      {asset.state === "failed" && <Failed asset={asset} />}
      {asset.state === "ready" && <Ready asset={asset} title={title} />}
    </div>
  );
}

/** The file of a lesson: chosen, uploaded, packaged, looked at, replaced. */
export function AssetPart({ lesson, kind }: { lesson: EditLesson; kind: Asset["kind"] }) {
  const t = useAuthoring();
  const f = useFormat();
  const editor = useEditor();
  const queries = useQueryClient();
  const { draft } = useSnapshot(editor);
  const [picking, pick] = useState(false);
  const begin = useBeginUpload(draft.provider.id, kind, lesson.key);
  const use = (asset: Asset | undefined) => {
    if (asset) queries.setQueryData(assetQuery(asset.id).queryKey, asset);
    editor.apply({ type: "change-lesson", key: lesson.key, patch: { asset } });
    pick(false);
  };
  return (
    <section className="fs" id="asset" tabIndex={-1} aria-label={t(`file.${kind}`)}>
      <h3>{t(`file.${kind}`)}</h3>
      {lesson.asset && <Present key={lesson.asset.id} read={lesson.asset} title={f.text(lesson.title)} />}
      <FileChooser
        kind={kind}
        replace={lesson.asset !== undefined}
        busy={begin.isPending}
        error={begin.error}
        onFile={(file) => begin.mutate(file)}
      />
      <div className="row wrapping">
        <button className="btn sm" type="button" onClick={() => pick(true)}>
          <Icon name="list" size="s" />
          {t("chooseExisting")}
        </button>
        {lesson.asset && (
          <button className="btn quiet sm" type="button" onClick={() => use(undefined)}>
            <Icon name="close" size="s" />
            {t("detach")}
          </button>
        )}
      </div>
      {picking && (
        <AssetPicker org={draft.provider.id} kind={kind} onPick={use} onClose={() => pick(false)} />
      )}
    </section>
  );
}
