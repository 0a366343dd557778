import i18next, { type TOptions } from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";

export type Locale = "zh-CN" | "en";
export const localeKey = "hourglass.locale";

export const i18n = i18next.createInstance();
i18n.use(initReactI18next).init({
  lng: typeof document === "undefined" ? "zh-CN" : document.documentElement.lang,
  fallbackLng: "en",
  ns: [],
  keySeparator: false,
  nsSeparator: false,
  resources: {},
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
});

type Base<K> = K extends `${infer B}_${"one" | "other"}` ? B : K;
/** A message's key without the ending of its plural form. */
export type Key<M> = Base<keyof M & string>;
export type Translate<M> = (key: Key<M>, values?: TOptions) => string;

/** Registers a feature's messages in both languages and returns the hook that reads them. */
export function defineMessages<M extends Record<string, string>>(
  ns: string,
  zh: Record<string, string>,
  en: M,
) {
  i18n.addResourceBundle("zh-CN", ns, zh);
  i18n.addResourceBundle("en", ns, en);
  return function useMessages(): Translate<M> {
    return useTranslation(ns, { i18n }).t as unknown as Translate<M>;
  };
}

export function setLocale(locale: Locale) {
  document.documentElement.lang = locale;
  try {
    localStorage.setItem(localeKey, locale);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  void i18n.changeLanguage(locale);
}

export function currentLocale(): Locale {
  return i18n.language.startsWith("zh") ? "zh-CN" : "en";
}
