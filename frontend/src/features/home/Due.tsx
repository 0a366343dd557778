import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { dueQuery } from "./api";
import { useHome } from "./messages";
import { unfinished } from "./model";
import { Loaded, Panel } from "./Panel";
import { Rows } from "./Rows";

/** Courses the organisation assigned that somebody has still to do, the first due first. */
export function Due({ org }: { org: Schemas["OrgRef"] }) {
  const t = useHome();
  const f = useFormat();
  const given = useQuery(dueQuery(org.id));
  return (
    <Loaded query={given}>
      {({ items }) => {
        const due = unfinished(items);
        return (
          due.length > 0 && (
            <Panel
              title={t("due")}
              sub={t("dueSub")}
              wide
              end={
                <Link className="btn sm" to="/workspace/assignments" search={{ org: org.id }}>
                  {t("allAssigned")}
                  <Icon name="right" size="s" />
                </Link>
              }
            >
              <Rows
                rows={due.map((a) => ({
                  key: a.id,
                  icon: "calendar" as const,
                  name: f.text(a.title),
                  sub: t("dueOn", { date: f.date(a.due_on) }),
                  end: a.overdue
                    ? t("late", { count: a.overdue })
                    : t("toGo", { count: a.assigned + a.begun }),
                }))}
              />
            </Panel>
          )
        );
      }}
    </Loaded>
  );
}
