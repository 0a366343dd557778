import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";

export interface Tab {
  id: string;
  label: string;
  count?: number;
  content: ReactNode;
}

interface Props {
  label: string;
  tabs: Tab[];
  /** The id of the open tab. */
  chosen: string;
  onChoose: (id: string) => void;
}

/** Tabs by the ARIA pattern: arrows move, the chosen one is in the tab order. */
export function Tabs({ label, tabs, chosen, onChoose }: Props) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    tabs.findIndex((tab) => tab.id === chosen),
  );
  const go = (e: KeyboardEvent) => {
    const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    const to = (at + step + tabs.length) % tabs.length;
    const next = tabs[to];
    if (next) onChoose(next.id);
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
            onClick={() => onChoose(tab.id)}
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
