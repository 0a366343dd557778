import { useBlocker } from "@tanstack/react-router";
import { Dialog } from "../../ui/Dialog";
import { useAuthoring } from "./messages";
import { useEditor } from "./useEditor";

/** What cannot be saved just now would be lost by leaving: asks first. What can be is saved on the way out. */
export function LeaveGuard() {
  const t = useAuthoring();
  const editor = useEditor();
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && editor.stuck,
    enableBeforeUnload: false, // the editor warns of that itself
    withResolver: true,
  });
  if (leaving.status !== "blocked") return null;
  return (
    <Dialog title={t("leave")} onClose={leaving.reset}>
      <p>{t("leaveText")}</p>
      <div className="acts">
        <button className="btn danger" type="button" onClick={leaving.proceed}>
          {t("leaveAnyway")}
        </button>
        <button className="btn primary" type="button" onClick={leaving.reset}>
          {t("stay")}
        </button>
      </div>
    </Dialog>
  );
}
