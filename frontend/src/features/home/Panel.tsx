import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure } from "../../lib/Failure";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { useHome } from "./messages";

/** What a query brings, in a card: a skeleton before, the failure instead. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  if (query.isError)
    return (
      <section className="card hp wide">
        <Failure error={query.error} retry={() => void query.refetch()} />
      </section>
    );
  if (query.data === undefined)
    return (
      <section className="card hp wide">
        <Skeleton lines={4} tall />
      </section>
    );
  return children(query.data);
}

interface Props {
  title: string;
  sub?: string;
  wide?: boolean;
  end?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, sub, wide, end, children }: Props) {
  return (
    <section className={wide ? "card hp wide" : "card hp"}>
      <div className="hp-h">
        <div>
          <h2>{title}</h2>
          {sub && <p className="small muted">{sub}</p>}
        </div>
        {end}
      </div>
      {children}
    </section>
  );
}

interface TableProps {
  caption: string;
  head: string[];
  rows: { key: string; cells: (string | number)[] }[];
}

/** The figures of a chart as a table: the first column names the row. */
export function Figures({ caption, head, rows }: TableProps) {
  const t = useHome();
  return (
    <details className="hp-t">
      <summary>
        <Icon name="list" size="s" />
        {t("table")}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className="hp-tb" tabIndex={0} role="group" aria-label={caption}>
        <table className="tbl">
          <caption className="vh">{caption}</caption>
          <thead>
            <tr>
              {head.map((h, n) => (
                <th key={h} scope="col" className={n ? "n" : undefined}>
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.key}>
                {r.cells.map((c, n) => (
                  <td key={head[n]} className={n ? "n" : undefined}>
                    {c}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
