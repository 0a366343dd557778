import { useId } from "react";
import type { Check } from "../wire";
import { chosen } from "./keys";
import { usePresence } from "./messages";

interface Props {
  check: Check;
  prompt: string;
  choices: number[];
  onChange: (choices: number[]) => void;
}

/** A question is in its lesson's language, whatever the page is in. */
const langOf = (text: string) => (/\p{Script=Han}/u.test(text) ? "zh-CN" : "en");

/** Short answers stand side by side. */
const brief = (choices: string[]) => choices.length <= 3 && choices.every((c) => c.length <= 8);

/** The question and its answers, each with the key that chooses it. */
export function Question({ check, prompt, choices, onChange }: Props) {
  const t = usePresence();
  const name = useId();
  const options = check.choices ?? [];
  const multiple = !!check.multiple;
  if (options.length === 0) return <p className="q">{prompt}</p>;
  return (
    <fieldset>
      <legend className="q" lang={langOf(prompt)}>
        {prompt}
      </legend>
      {multiple && <p className="small muted">{t("several")}</p>}
      <div className={brief(options) ? "ops brief" : "ops"} lang={langOf(prompt)}>
        {options.map((text, n) => (
          <label className="op" key={text}>
            <input
              type={multiple ? "checkbox" : "radio"}
              name={name}
              checked={choices.includes(n)}
              onChange={() => onChange(chosen(choices, n, multiple))}
            />
            {n < 8 && (
              <span className="kbd" aria-hidden="true">
                {n + 1}
              </span>
            )}
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
