import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { i18n, type Locale } from "./i18n";

interface TextIn {
  zh: string;
  en: string;
}

const two = (n: number) => String(n).padStart(2, "0");

/** Seconds as a clock shows them: 31:20, 1:05:25. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** Seconds in words: 4 小时 32 分, 4 h 32 min, 45 s. */
export function duration(seconds: number, locale: Locale): string {
  const zh = locale === "zh-CN";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return zh ? `${s} 秒` : `${s} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return zh ? `${minutes} 分钟` : `${minutes} min`;
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  if (m === 0) return zh ? `${h} 小时` : `${h} h`;
  return zh ? `${h} 小时 ${two(m)} 分` : `${h} h ${two(m)} min`;
}

/** Seconds in words, to the second: 4 分 03 秒, 1 h 05 min 25 s. */
export function exact(seconds: number, locale: Locale): string {
  const s = Math.max(0, Math.round(seconds));
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  const words = locale === "zh-CN" ? [" 小时", " 分", " 秒"] : [" h", " min", " s"];
  const parts = [h, m, s % 60].map((n, at) => ({ n, word: words[at] })).slice(h > 0 ? 0 : m > 0 ? 1 : 2);
  return parts.map(({ n, word }, at) => `${at > 0 ? two(n) : n}${word}`).join(" ");
}

/** The language asked for, or the other one where only that was written. */
export function pick(text: TextIn | undefined, locale: Locale): string {
  if (!text) return "";
  return locale === "zh-CN" ? text.zh || text.en : text.en || text.zh;
}

type DateStyle = "day" | "month-day" | "minute" | "second" | "time";
const dateStyles: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  day: { year: "numeric", month: "long", day: "numeric" },
  "month-day": { month: "short", day: "numeric" },
  minute: {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
  time: { hour: "2-digit", minute: "2-digit", hour12: false },
};

export function date(iso: string | number | Date, locale: Locale, style: DateStyle = "day"): string {
  const text = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, dateStyles[style]).format(
    new Date(iso),
  );
  // Chinese text is set with a space between figures and characters.
  return text.replace(/(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)/g, " ");
}

export function number(value: number, locale: Locale, digits = 2): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** Everything above in the reader's language. */
export function useFormat() {
  const { i18n: live } = useTranslation(undefined, { i18n });
  const locale: Locale = live.language.startsWith("zh") ? "zh-CN" : "en";
  return useMemo(
    () => ({
      locale,
      clock,
      text: (t: TextIn | undefined) => pick(t, locale),
      duration: (s: number) => duration(s, locale),
      exact: (s: number) => exact(s, locale),
      date: (iso: string | number | Date, style?: DateStyle) => date(iso, locale, style),
      number: (n: number, digits?: number) => number(n, locale, digits),
    }),
    [locale],
  );
}
