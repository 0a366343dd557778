import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { meQuery } from "../../api/queries";
import { explain } from "../../lib/Failure";
import { useConfirmed } from "../../lib/guard/useConfirmed";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { factorsQuery, signInsQuery } from "./api";

/** useConfirmed, after which this page shows what there is now. */
export function useGuarded<A, T>(change: (what: A) => Promise<T>, after?: (answer: T) => void) {
  const queries = useQueryClient();
  return useConfirmed(change, async (answer) => {
    after?.(answer);
    for (const { queryKey } of [factorsQuery, signInsQuery, meQuery])
      await queries.invalidateQueries({ queryKey });
  });
}

/** What a change could not do, in the reader's words. */
export function Wrong({ error }: { error: unknown }) {
  const common = useCommon();
  if (!error) return null;
  return (
    <p className="note x" role="alert">
      <Icon name="warn" />
      {explain(error, common)}
    </p>
  );
}

export function Right({ children }: { children: ReactNode }) {
  return (
    <p className="note v" role="status">
      <Icon name="passed" />
      {children}
    </p>
  );
}
