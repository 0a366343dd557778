import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { Strip } from "../../ui/Strip";
import { useFormat } from "../format";
import { useStaff } from "./messages";
import "./members.css";

interface Props {
  member: Schemas["StaffHours"];
  /** Which year the person's file opens in; the present one if none is named. */
  year?: number;
  /** Several organisations are listed together. */
  withOrg?: boolean;
}

/** One person with the year's figure, as it stands on the person's own page. */
export function MemberRow({ member: m, year, withOrg }: Props) {
  const t = useStaff();
  const f = useFormat();
  // Who has more than is asked for fills the strip and no more.
  const whole = Math.max(m.required, m.counted);
  const pro = m.by_subject.professional / whole;
  const label = t("strip", {
    professional: f.number(m.by_subject.professional),
    public: f.number(m.by_subject.public),
    missing: f.number(m.missing),
  });
  return (
    <li>
      <Link to="/workspace/hours/$personId" params={{ personId: m.person.id }} search={{ year }}>
        <span className="ava" aria-hidden="true">
          {[...m.person.name][0]}
        </span>
        <span className="mb-n">
          <b>{m.person.name}</b>
          {withOrg && <span className="small muted">{f.text(m.org.name)}</span>}
        </span>
        <span className="mb-s">
          <Strip
            label={label}
            pieces={[
              { from: 0, to: pro, texture: "v" },
              { from: pro, to: pro + m.by_subject.public / whole, texture: "pu" },
            ]}
          />
          <span className="small muted num">
            {t("of", { counted: f.number(m.counted), required: f.number(m.required) })}
          </span>
        </span>
        <span className="mb-m num">
          {m.standing === "met" ? (
            <span className="st v">{t("met")}</span>
          ) : (
            <span className="st m">{t("missing", { missing: f.number(m.missing) })}</span>
          )}
        </span>
      </Link>
    </li>
  );
}
