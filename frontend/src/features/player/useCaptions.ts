import { useState } from "react";

const captionsKey = "hourglass.captions";

/** The language of the captions that somebody chose, if the lesson has it. */
export function useCaptions(languages: string[]): [string, (language: string) => void] {
  const [chosen, choose] = useState(() => {
    try {
      return localStorage.getItem(captionsKey) ?? "";
    } catch {
      return "";
    }
  });
  const set = (language: string) => {
    choose(language);
    try {
      localStorage.setItem(captionsKey, language);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  };
  return [languages.includes(chosen) ? chosen : "", set];
}
