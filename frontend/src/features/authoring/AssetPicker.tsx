import { useInfiniteQuery } from "@tanstack/react-query";
import { bytes } from "../../lib/bytes";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { assetsQuery } from "./api";
import { useAuthoring } from "./messages";
import type { Asset } from "./model";

interface Props {
  org: string;
  kind: Asset["kind"];
  onPick: (asset: Asset) => void;
  onClose: () => void;
}

function Item({ asset, onPick }: { asset: Asset; onPick: (asset: Asset) => void }) {
  const f = useFormat();
  const length = asset.kind === "video" ? f.clock(asset.duration_ms / 1000) : undefined;
  const facts = [length, bytes(asset.size_bytes, f.locale), f.date(asset.created_at)].filter(Boolean);
  return (
    <li>
      <button type="button" onClick={() => onPick(asset)}>
        {asset.poster_url ? (
          <img src={asset.poster_url} alt="" loading="lazy" width="96" height="54" />
        ) : (
          <Icon name="file" size="l" />
        )}
        <span className="grow">
          <b>{asset.filename}</b>
          <span className="small muted num">{facts.join(" · ")}</span>
        </span>
      </button>
    </li>
  );
}

/** The organisation's files that are ready, to be used once more. */
export function AssetPicker({ org, kind, onPick, onClose }: Props) {
  const t = useAuthoring();
  const common = useCommon();
  const assets = useInfiniteQuery(assetsQuery(org, kind));
  const items = assets.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Dialog title={t(`pick.${kind}`)} onClose={onClose}>
      {assets.isPending && <Skeleton lines={4} />}
      {assets.isError && <Failure error={assets.error} retry={() => void assets.refetch()} />}
      {assets.isSuccess && items.length === 0 && (
        <Message icon="inbox" title={t("noFiles")}>
          <p>{t("noFilesText")}</p>
        </Message>
      )}
      <ul className="picks">
        {items.map((a) => (
          <Item key={a.id} asset={a} onPick={onPick} />
        ))}
      </ul>
      <div className="acts">
        <More list={assets} />
        <button className="btn" type="button" onClick={onClose}>
          {common("cancel")}
        </button>
      </div>
    </Dialog>
  );
}
