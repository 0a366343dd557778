import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { useWorkspace } from "../../lib/useWorkspace";
import { showsFlags, showsPeople, type Workspace } from "../../lib/workspaces";
import { Behind } from "./Behind";
import { Due } from "./Due";
import { Duty } from "./Duty";
import "./home.css";
import { useHome } from "./messages";
import { Supervision } from "./Supervision";
import { Teaching } from "./Teaching";

/** What each kind of workspace begins with: first what waits, then how it goes. */
function Body({ ws }: { ws: Workspace }) {
  switch (ws.kind) {
    case "institution":
      return <Teaching ws={ws} />;
    case "employer":
      return (
        <>
          <Duty org={ws.org} />
          <Due org={ws.org} />
          <Behind org={ws.org} />
        </>
      );
    case "department":
      return (
        <>
          {showsPeople(ws) && <Duty org={ws.org} below />}
          <Supervision org={ws.org} flags={showsFlags(ws)} />
        </>
      );
    case "auditor":
      return (
        <>
          <Duty org={ws.org} below />
          <Supervision org={ws.org} flags />
        </>
      );
  }
}

export function HomePage() {
  const t = useHome();
  const f = useFormat();
  const ws = useWorkspace();
  useTitle(t("title"));
  if (!ws) return null;
  return (
    <main id="main" className="wsp home">
      <div className="head1">
        <div>
          <h1>{t("title")}</h1>
          <p className="muted">
            {f.text(ws.org.name)} · {t(`for.${ws.kind}`)}
          </p>
        </div>
      </div>
      <div className="home-g" key={ws.id}>
        <Body ws={ws} />
      </div>
    </main>
  );
}
