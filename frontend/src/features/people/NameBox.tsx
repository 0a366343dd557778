import { useEffect, useRef, useState } from "react";
import { useSettled } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { usePeople } from "./messages";

/** Searches while one types; the address follows when the fingers rest and no character is half-typed. */
export function NameBox({ value, onSearch }: { value: string; onSearch: (q: string) => void }) {
  const t = usePeople();
  const [text, setText] = useState(value);
  const [composing, compose] = useState(false);
  const sent = useRef(value);
  const settled = useSettled(text, 250).trim();
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (composing || settled === sent.current) return;
    sent.current = settled;
    onSearch(settled);
  }, [settled, composing, onSearch]);
  return (
    <div className="field" role="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        maxLength={100}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onCompositionStart={() => compose(true)}
        onCompositionEnd={() => compose(false)}
      />
    </div>
  );
}
