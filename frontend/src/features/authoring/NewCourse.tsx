import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { publishers, subjectOf } from "../../lib/roles";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { createDraft } from "./api";
import { FieldSelect } from "./FieldSelect";
import { useAuthoring } from "./messages";

export function NewCourse({ me, onClose }: { me: Schemas["Me"]; onClose: () => void }) {
  const t = useAuthoring();
  const common = useCommon();
  const f = useFormat();
  const router = useRouter();
  const queries = useQueryClient();
  const orgs = publishers(me);
  const [orgId, setOrg] = useState(orgs[0]?.id ?? "");
  const [field, setField] = useState("");
  const [language, setLanguage] = useState<"zh" | "en">(f.locale === "en" ? "en" : "zh");
  const [title, setTitle] = useState({ zh: "", en: "" });
  const [tried, setTried] = useState(false);
  const org = orgs.find((o) => o.id === orgId);
  const subject = org ? subjectOf(org) : undefined;
  const create = useMutation({
    mutationFn: createDraft,
    onSuccess: async (draft) => {
      void queries.invalidateQueries({ queryKey: ["drafts"] });
      await router.navigate({
        to: "/workspace/courses/$courseId",
        params: { courseId: draft.id },
        search: { at: "about" },
      });
    },
  });
  const untitled = title[language].trim() === "";
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (untitled || !subject) return;
    create.mutate({ org_id: orgId, subject, language, title, ...(field ? { field_id: field } : {}) });
  };
  const titleField = (lang: "zh" | "en") => (
    <Field
      key={lang}
      label={t(lang === "zh" ? "titleZh" : "titleEn")}
      lang={lang === "zh" ? "zh-CN" : "en"}
      value={title[lang]}
      maxLength={200}
      hint={lang === language ? undefined : t("canFollow")}
      error={tried && lang === language && untitled ? t("titleNeeded") : undefined}
      onChange={(e) => setTitle({ ...title, [lang]: e.target.value })}
    />
  );
  return (
    <Dialog title={t("new")} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        {orgs.length > 1 ? (
          <Select label={t("organisation")} value={orgId} onChange={(e) => setOrg(e.target.value)}>
            {orgs.map((o) => (
              <option key={o.id} value={o.id}>
                {f.text(o.name)}
              </option>
            ))}
          </Select>
        ) : (
          <p className="small">
            <span className="muted">{t("organisation")}</span>
            <br />
            <b>{f.text(org?.name)}</b>
          </p>
        )}
        {subject && (
          <p className="small row">
            <span className={subject === "public" ? "badge pub" : "badge pro"}>{common(subject)}</span>
            <span className="muted">{t(`subjectWhy.${subject}`)}</span>
          </p>
        )}
        <Select
          label={t("language")}
          value={language}
          onChange={(e) => setLanguage(e.target.value === "en" ? "en" : "zh")}
        >
          <option value="zh">{common("language.zh")}</option>
          <option value="en">{common("language.en")}</option>
        </Select>
        {(language === "zh" ? (["zh", "en"] as const) : (["en", "zh"] as const)).map(titleField)}
        <FieldSelect value={field} onChange={setField} optional={subject === "public"} />
        {create.isError && (
          <p className="note x" role="alert">
            {explain(create.error, common)}
          </p>
        )}
        <div className="acts">
          <button className="btn" type="button" onClick={onClose}>
            {common("cancel")}
          </button>
          <button className="btn primary" type="submit" disabled={create.isPending}>
            {t(create.isPending ? "creating" : "create")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
