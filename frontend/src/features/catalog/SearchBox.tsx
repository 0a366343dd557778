import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSettled } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { useCatalog } from "./messages";

/** Searches while one types; the address follows when the fingers rest. */
export function SearchBox({ value, onSearch }: { value: string; onSearch: (q: string) => void }) {
  const t = useCatalog();
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const sent = useRef(value);
  const settled = useSettled(text, 250);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value; // somebody went back, or followed a link
    setText(value);
  }, [value]);
  useEffect(() => {
    // Half-typed pinyin is not yet a word: wait until the input method is done.
    if (composing.current || settled.trim() === sent.current) return;
    sent.current = settled.trim();
    onSearch(settled.trim());
  }, [settled, onSearch]);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    sent.current = text.trim();
    onSearch(text.trim());
  };
  return (
    <form className="srch" role="search" onSubmit={submit}>
      <div className="field">
        <Icon name="search" />
        <label className="vh" htmlFor="q">
          {t("search")}
        </label>
        <input
          id="q"
          type="search"
          name="q"
          maxLength={200}
          value={text}
          placeholder={t("placeholder")}
          onChange={(e) => setText(e.target.value)}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={(e) => {
            composing.current = false;
            setText(`${e.currentTarget.value}`);
          }}
        />
        {text && (
          <button className="icon-btn" type="button" aria-label={t("clear")} onClick={() => setText("")}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <button className="btn primary lg" type="submit">
        {t("submit")}
      </button>
    </form>
  );
}
