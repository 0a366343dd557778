import { Progress } from "../../ui/Progress";
import { useAuthoring } from "./messages";
import type { Asset } from "./model";

const steps = ["queued", "probing", "packaging"] as const;

/** What the server does with a file after its upload; it goes on without anybody watching. */
export function Packaging({ asset }: { asset: Asset }) {
  const t = useAuthoring();
  const step = steps.find((s) => s === asset.state) ?? "queued";
  return (
    <div aria-live="polite">
      <Progress label={t(`stage.${step}`)} value={asset.progress / 100} text={`${asset.progress}%`} />
      <p className="small muted">{t("packagingHint")}</p>
    </div>
  );
}
