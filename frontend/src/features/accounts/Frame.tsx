import type { ReactNode } from "react";
import { Icon, type IconName } from "../../ui/Icon";
import "./accounts.css";
import { useAccounts } from "./messages";

/** The form on one side, and on the other why it is worth filling in. */
export function Frame({ title, children, aside }: { title: string; children: ReactNode; aside?: ReactNode }) {
  const t = useAccounts();
  const reasons: { icon: IconName; title: string; text: string }[] = [
    { icon: "clock", title: t("why1"), text: t("why1Text") },
    { icon: "shield", title: t("why2"), text: t("why2Text") },
    { icon: "medal", title: t("why3"), text: t("why3Text") },
  ];
  return (
    <main id="main" className="wrap acc-page">
      <div className="card acc-card">
        <h1>{title}</h1>
        {children}
        {aside && <p className="acc-alt">{aside}</p>}
      </div>
      <ul className="acc-why">
        {reasons.map((r) => (
          <li key={r.icon}>
            <Icon name={r.icon} size="l" />
            <div>
              <b>{r.title}</b>
              <p>{r.text}</p>
            </div>
          </li>
        ))}
      </ul>
    </main>
  );
}
