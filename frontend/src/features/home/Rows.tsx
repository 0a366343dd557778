import { Link, type LinkProps } from "@tanstack/react-router";
import { Icon, type IconName } from "../../ui/Icon";

export interface Line {
  key: string;
  icon: IconName;
  name: string;
  sub: string;
  end?: string;
  link?: Pick<LinkProps, "to" | "params" | "search">;
}

function Inner({ line: l }: { line: Line }) {
  return (
    <>
      <Icon name={l.icon} />
      <span className="grow">
        <b>{l.name}</b>
        <span className="small muted">{l.sub}</span>
      </span>
      {l.end && <span className="small muted num">{l.end}</span>}
    </>
  );
}

/** A short list on a first page; each line leads to its thing, if it has a page. */
export function Rows({ rows }: { rows: Line[] }) {
  return (
    <ul className="lines">
      {rows.map((l) => (
        <li key={l.key}>
          {l.link ? (
            <Link {...l.link}>
              <Inner line={l} />
            </Link>
          ) : (
            <div>
              <Inner line={l} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
