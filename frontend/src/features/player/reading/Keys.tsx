import { KeysDialog } from "../Banners";
import { useReading } from "./messages";

/** The reader's keys; those that enlarge only where there is something to enlarge. */
export function Keys({ zooms, onClose }: { zooms: boolean; onClose: () => void }) {
  const t = useReading();
  const zoom = [
    [["-", "+"], t("key.zoom")],
    [["0"], t("key.fit")],
  ] as const;
  const rows = [
    [["←", "→"], t("key.pages")],
    [["N"], t("key.missing")],
    ...(zooms ? zoom : []),
    [["?"], t("key.help")],
  ] as const;
  return <KeysDialog title={t("shortcutsTitle")} rows={rows} onClose={onClose} />;
}
