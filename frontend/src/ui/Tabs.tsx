import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";

export interface Tab {
  id: string;
  label: string;
  count?: number;
  content: ReactNode;
}

/** Tabs by the ARIA pattern: arrows move, the chosen one is in the tab order. */
export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  const [chosen, choose] = useState(0);
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.min(chosen, tabs.length - 1);
  const go = (e: KeyboardEvent) => {
    const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    const to = (at + step + tabs.length) % tabs.length;
    choose(to);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  };
  const open = tabs[at];
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={go}>
        {tabs.map((tab, n) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${base}${tab.id}`}
            aria-selected={n === at}
            aria-controls={n === at ? `${base}p` : undefined}
            tabIndex={n === at ? 0 : -1}
            onClick={() => choose(n)}
          >
            {tab.label}
            {tab.count !== undefined && <span className="c num">{tab.count}</span>}
          </button>
        ))}
      </div>
      {open && (
        <div role="tabpanel" id={`${base}p`} aria-labelledby={`${base}${open.id}`}>
          {open.content}
        </div>
      )}
    </>
  );
}
