import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure } from "../../lib/Failure";
import { More } from "../../lib/More";
import { Skeleton } from "../../ui/states";
import { useOrgs } from "./messages";

interface Props<T> {
  list: UseInfiniteQueryResult<InfiniteData<{ items: T[] }>>;
  /** The heads of the columns. */
  columns: string[];
  /** Whether a last column holds what can be done. */
  actions: boolean;
  /** What is said where there is nothing. */
  empty: ReactNode;
  row: (item: T) => ReactNode;
}

/** A list that is read page by page, as a table. */
export function Listed<T>({ list, columns, actions, empty, row }: Props<T>) {
  const t = useOrgs();
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <div className="card">{empty}</div>}
      {items.length > 0 && (
        <div className="card">
          <table className="tbl og-tbl">
            <thead>
              <tr>
                {columns.map((c) => (
                  <th key={c} scope="col">
                    {c}
                  </th>
                ))}
                {actions && (
                  <th scope="col">
                    <span className="vh">{t("actions")}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>{items.map(row)}</tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <p className="og-more">
          <More list={list} />
        </p>
      )}
    </>
  );
}
