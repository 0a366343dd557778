import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

/** A whole page or panel that has something else to say than its content: empty, failed, forbidden, not found. */
export function Message({
  icon,
  title,
  children,
  actions,
  alert,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  alert?: boolean;
}) {
  return (
    <section className="msg" role={alert ? "alert" : undefined}>
      <span className="msg-i">
        <Icon name={icon} size="l" />
      </span>
      <h2>{title}</h2>
      {children && <div className="msg-t">{children}</div>}
      {actions && <div className="msg-a">{actions}</div>}
    </section>
  );
}

/** Grey shapes in the measure of what is coming, so that nothing jumps. */
export function Skeleton({ lines = 3, tall }: { lines?: number; tall?: boolean }) {
  return (
    <div className="skel" aria-hidden="true">
      {tall && <i className="skel-tall" />}
      {Array.from({ length: lines }, (_, n) => (
        <i key={n} style={{ width: `${92 - ((n * 37) % 45)}%` }} />
      ))}
    </div>
  );
}
