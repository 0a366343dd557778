import { Link } from "@tanstack/react-router";
import { useFormat } from "../lib/format";
import type { Standing } from "../lib/workspaces";
import { Icon } from "../ui/Icon";
import { Message } from "../ui/states";
import { useApp } from "./messages";
import { workspaceIcons } from "./Switcher";

type Closed = Exclude<Standing, { open: unknown }>;

/** Why an address does not open here, and where the page can be opened. */
export function ClosedPage({ closed: { closed, at, others } }: { closed: Closed }) {
  const t = useApp();
  const f = useFormat();
  const title = { nowhere: t("forbiddenArea"), elsewhere: t("elsewhere"), "not-held": t("notHeld") }[closed];
  const text = {
    nowhere: t("forbiddenAreaText"),
    elsewhere: t("elsewhereText", { org: f.text(at?.org.name) }),
    "not-held": t("notHeldText"),
  }[closed];
  return (
    <main id="main" className="wsp">
      <h1 className="vh">{t("workspace")}</h1>
      <Message
        icon="lock"
        title={title}
        actions={others.map((w) => (
          <Link key={w.id} className="btn" to="." search={(s) => ({ ...s, ws: w.id })} activeProps={{}}>
            <Icon name={workspaceIcons[w.kind]} size="s" />
            {t("openIn", { org: f.text(w.org.name), as: t(`as.${w.kind}`) })}
          </Link>
        ))}
      >
        <p>{text}</p>
      </Message>
    </main>
  );
}
