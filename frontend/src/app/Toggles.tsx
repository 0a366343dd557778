import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, take } from "../api/client";
import { meQuery } from "../api/queries";
import { useFormat } from "../lib/format";
import { type Locale, setLocale } from "../lib/i18n";
import { setTheme, useTheme } from "../lib/theme";
import { Icon } from "../ui/Icon";
import { useApp } from "./messages";

/** The language is kept with the account too, so that letters and certificates come in it. */
export function LanguageSwitch() {
  const t = useApp();
  const { locale } = useFormat();
  const { data: me } = useQuery(meQuery);
  const queries = useQueryClient();
  const keep = useMutation({
    mutationFn: (to: Locale) => take(api.PATCH("/me", { body: { locale: to } })),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
  const change = () => {
    const to: Locale = locale === "en" ? "zh-CN" : "en";
    setLocale(to);
    if (me) keep.mutate(to);
  };
  return (
    <button
      className="lang-btn"
      type="button"
      onClick={change}
      aria-label={t("switchLanguage")}
      lang={locale === "en" ? "zh-CN" : "en"}
    >
      {t("otherLanguage")}
    </button>
  );
}

export function ThemeSwitch() {
  const t = useApp();
  const theme = useTheme();
  const dark = theme === "dark";
  return (
    <button
      className="icon-btn"
      type="button"
      onClick={() => setTheme(dark ? "light" : "dark")}
      aria-label={t(dark ? "toLight" : "toDark")}
    >
      <Icon name={dark ? "moon" : "sun"} />
    </button>
  );
}
