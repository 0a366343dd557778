import { useCommon } from "./messages";

interface Props {
  /** A list that is read page by page. */
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  /** As wide as its place. */
  block?: boolean;
}

/** Asks for the next page of a list; nothing when it has been read to its end. */
export function More({ list, block }: Props) {
  const t = useCommon();
  if (!list.hasNextPage) return null;
  return (
    <button
      className={block ? "btn block" : "btn"}
      type="button"
      disabled={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {t("more")}
    </button>
  );
}
