import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { MemberRow } from "../../lib/staff/MemberRow";
import { Icon } from "../../ui/Icon";
import { behindQuery } from "./api";
import { useHome } from "./messages";
import { Loaded, Panel } from "./Panel";

/** Who of one's own staff misses most: whom an employer's officer would speak to first. */
export function Behind({ org }: { org: Schemas["OrgRef"] }) {
  const t = useHome();
  const staff = useQuery(behindQuery(org.id));
  return (
    <Loaded query={staff}>
      {({ items, year }) =>
        items.length > 0 && (
          <Panel
            title={t("behind")}
            sub={t("behindSub", { year })}
            wide
            end={
              <Link className="btn sm" to="/workspace/hours" search={{}}>
                {t("allStaff")}
                <Icon name="right" size="s" />
              </Link>
            }
          >
            <ul className="members">
              {items.map((m) => (
                <MemberRow key={m.person.id} member={m} />
              ))}
            </ul>
          </Panel>
        )
      }
    </Loaded>
  );
}
