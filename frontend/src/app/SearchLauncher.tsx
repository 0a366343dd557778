import { lazy, Suspense, useEffect, useState } from "react";
import type { Schemas } from "../api/client";
import { Icon } from "../ui/Icon";
import { useApp } from "./messages";

const SearchDialog = lazy(() =>
  import("../features/search/SearchDialog").then((m) => ({ default: m.SearchDialog })),
);

const apple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Opens the search for people, courses and organisations: by button, or Ctrl or Command and K. */
export function SearchLauncher({
  me,
  wide,
  onOpen,
}: {
  me: Schemas["Me"];
  wide?: boolean;
  onOpen?: () => void;
}) {
  const t = useApp();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        className={wide ? "search-btn" : "icon-btn"}
        type="button"
        aria-label={t("search")}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => {
          setOpen(true);
          onOpen?.();
        }}
      >
        <Icon name="search" size={wide ? "s" : undefined} />
        {wide && (
          <>
            <span>{t("searchShort")}</span>
            <kbd className="kbd">{apple ? "⌘K" : "Ctrl K"}</kbd>
          </>
        )}
      </button>
      {open && (
        <Suspense fallback={null}>
          <SearchDialog me={me} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The shortcut, wherever the button is; a dialog that is open keeps the keys to itself. */
export function SearchShortcut({ me }: { me: Schemas["Me"] }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (e.key.toLowerCase() !== "k" || !(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey) return;
      e.preventDefault();
      if (!document.querySelector("dialog[open]")) setOpen(true);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <SearchDialog me={me} onClose={() => setOpen(false)} />
    </Suspense>
  );
}
