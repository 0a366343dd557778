import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";

interface Option<T> {
  value: T;
  label: string;
}

interface Props<T> {
  label: string;
  shown: ReactNode;
  options: Option<T>[];
  value: T;
  onChoose: (value: T) => void;
  className?: string;
}

/** A button of the controls that opens a short list to choose one from. */
export function Choice<T extends string | number>({
  label,
  shown,
  options,
  value,
  onChoose,
  className,
}: Props<T>) {
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    ref.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    const outside = (e: Event) => {
      if (!ref.current?.contains(e.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    ref.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const keys = (e: KeyboardEvent) => {
    if (!open) return;
    e.stopPropagation();
    if (e.key === "Escape") close();
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    const items = [...(ref.current?.querySelectorAll<HTMLElement>("[role=menuitemradio]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  };
  const chosen = options.find((o) => o.value === value);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for the keys of what is inside
    <div className={className ? `cho ${className}` : "cho"} ref={ref} onKeyDown={keys}>
      <button
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`${label}: ${chosen?.label ?? ""}`}
        onClick={() => setOpen(!open)}
      >
        {shown}
      </button>
      {open && (
        <div className="cho-pop" role="menu" aria-label={label}>
          {options.map((o) => (
            <button
              key={o.value}
              type="button"
              role="menuitemradio"
              aria-checked={o.value === value}
              onClick={() => {
                onChoose(o.value);
                close();
              }}
            >
              {o.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
