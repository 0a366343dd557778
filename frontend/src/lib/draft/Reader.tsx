import { useState } from "react";
import type { Schemas, Text } from "../../api/client";
import { HlsVideo } from "../../ui/HlsVideo";
import { Icon } from "../../ui/Icon";
import { Markdown } from "../../ui/Markdown";
import { pick, useFormat } from "../format";
import { currentLocale, type Locale } from "../i18n";
import { useCommon } from "../messages";
import { Asks } from "./Asks";
import "./draft.css";
import { useDraft } from "./messages";

type Draft = Schemas["Draft"];
type Lesson = Schemas["DraftLesson"];

const kindIcon = { video: "play", document: "book", quiz: "pencil" } as const;

function Video({ lesson, read }: { lesson: Lesson; read: (t: Text) => string }) {
  const t = useDraft();
  const f = useFormat();
  const common = useCommon();
  const asset = lesson.asset;
  if (!asset) return <p className="muted">{t("noVideo")}</p>;
  if (!asset.preview_url) return <p className="muted">{t("notReady")}</p>;
  const languages = asset.captions.map((c) => common(`language.${c.language}`)).join(" · ");
  return (
    <>
      <HlsVideo
        src={asset.preview_url}
        poster={asset.poster_url}
        label={read(lesson.title)}
        captions={asset.captions.map((c) => ({ ...c, label: common(`language.${c.language}`) }))}
        failed={t("videoFailed")}
      />
      <p className="small muted num">
        {f.clock(asset.duration_ms / 1000)} · {asset.width} × {asset.height} ·{" "}
        {languages ? t("captions", { languages }) : t("noCaptions")}
      </p>
    </>
  );
}

function Document({ lesson, read }: { lesson: Lesson; read: (t: Text) => string }) {
  const t = useDraft();
  const f = useFormat();
  const text = lesson.text ? read(lesson.text) : "";
  const { reading } = lesson;
  return (
    <>
      {reading && (
        <p className="small muted num">
          {t("reading", {
            count: reading.pages,
            min: f.exact(reading.page_min_s),
            max: f.exact(reading.page_max_s),
            all: f.exact(reading.pages * reading.page_min_s),
          })}
        </p>
      )}
      {lesson.asset &&
        (lesson.asset.file_url ? (
          <a className="btn" href={lesson.asset.file_url} target="_blank" rel="noreferrer">
            <Icon name="file" />
            {t("openFile", { name: lesson.asset.filename })}
          </a>
        ) : (
          <p className="muted">{t("notReady")}</p>
        ))}
      {text ? <Markdown text={text} /> : !lesson.asset && <p className="muted">{t("noText")}</p>}
    </>
  );
}

function Question({
  question: q,
  n,
  read,
}: {
  question: Schemas["DraftQuestion"];
  n: number;
  read: (t: Text) => string;
}) {
  const t = useDraft();
  const explanation = read(q.explanation);
  return (
    <li className="rd-q">
      <p className="small muted">
        {t("questionN", { n })} · {t(q.kind)} · {t("points", { count: q.points })}
      </p>
      <p className="rd-stem">{read(q.stem)}</p>
      <ul>
        {q.choices.map((c, k) => (
          <li key={`${k}${c.text.zh}`} className={c.correct ? "ok" : undefined}>
            <Icon name={c.correct ? "passed" : "close"} size="s" />
            <span className="vh">{t(c.correct ? "right" : "wrong")}</span>
            {read(c.text)}
          </li>
        ))}
      </ul>
      {explanation && (
        <p className="small rd-why">
          <b>{t("explanation")}</b> {explanation}
        </p>
      )}
    </li>
  );
}

function Quiz({ quiz, read }: { quiz?: Schemas["DraftQuiz"]; read: (t: Text) => string }) {
  const t = useDraft();
  if (!quiz || quiz.questions.length === 0) return <p className="muted">{t("noQuestions")}</p>;
  const facts = [
    t("passMark", { mark: quiz.pass_mark }),
    quiz.attempts_allowed ? t("attempts", { count: quiz.attempts_allowed }) : t("attemptsFree"),
    quiz.time_limit_s ? t("limit", { minutes: Math.round(quiz.time_limit_s / 60) }) : t("noLimit"),
  ];
  return (
    <>
      <p className="small muted">{facts.join(" · ")}</p>
      <ol className="rd-qs">
        {quiz.questions.map((q, n) => (
          <Question key={q.id ?? n} question={q} n={n + 1} read={read} />
        ))}
      </ol>
    </>
  );
}

function LessonView({
  lesson,
  language,
  read,
}: {
  lesson: Lesson;
  language: Draft["language"];
  read: (t: Text) => string;
}) {
  const t = useDraft();
  const [open, setOpen] = useState(false);
  const { reading } = lesson;
  const seconds = reading ? reading.pages * reading.page_min_s : (lesson.asset?.duration_ms ?? 0) / 1000;
  const f = useFormat();
  return (
    <li>
      <details className="rd-l" onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>
          <Icon name={kindIcon[lesson.kind]} />
          <span className="grow">
            {read(lesson.title) || t("untitled")}
            <span className="small muted">
              {[
                t(`kind.${lesson.kind}`),
                lesson.kind !== "quiz" && seconds > 0 && f.clock(seconds),
                lesson.quiz && f.number(lesson.quiz.questions.length),
                t(lesson.required ? "required" : "optional"),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
          <Icon name="down" size="s" />
        </summary>
        {open && (
          <div className="rd-b">
            {lesson.kind === "video" && <Video lesson={lesson} read={read} />}
            {lesson.kind === "document" && <Document lesson={lesson} read={read} />}
            {lesson.kind === "quiz" && <Quiz quiz={lesson.quiz} read={read} />}
            <Asks questions={lesson.questions} language={language} />
          </div>
        )}
      </details>
    </li>
  );
}

function LanguageSeg({ locale, onChange }: { locale: Locale; onChange: (l: Locale) => void }) {
  const t = useDraft();
  return (
    <fieldset className="seg rd-seg" aria-label={t("showBoth")}>
      {(["zh-CN", "en"] as const).map((l) => (
        <button key={l} type="button" aria-pressed={locale === l} onClick={() => onChange(l)}>
          {t(l === "en" ? "inEn" : "inZh")}
        </button>
      ))}
    </fieldset>
  );
}

/** A course whole, as it was submitted: every text, video, document and question with its right answer. */
export function Reader({ draft }: { draft: Draft }) {
  const t = useDraft();
  const [locale, setLocale] = useState<Locale>(currentLocale);
  const read = (text: Text) => pick(text, locale);
  const description = read(draft.description);
  return (
    <div className="rd">
      <LanguageSeg locale={locale} onChange={setLocale} />
      <section className="card bx" lang={locale}>
        <h3>{t("summary")}</h3>
        <p>{read(draft.summary) || "—"}</p>
        {draft.outcomes.length > 0 && (
          <>
            <h3>{t("outcomes")}</h3>
            <ul className="rd-out">
              {draft.outcomes.map((o) => (
                <li key={o.zh + o.en}>
                  <Icon name="check" size="s" />
                  {read(o)}
                </li>
              ))}
            </ul>
          </>
        )}
        {description && (
          <details className="rd-d">
            <summary>
              {t("description")}
              <Icon name="down" size="s" />
            </summary>
            <Markdown text={description} />
          </details>
        )}
      </section>
      <section className="card bx" lang={locale}>
        <h3>{t("outline")}</h3>
        {draft.chapters.map((c, n) => (
          <div key={c.id} className="rd-c">
            <h4>{t("chapterN", { n: n + 1, title: read(c.title) || t("untitled") })}</h4>
            <ol>
              {c.lessons.map((l) => (
                <LessonView key={l.id} lesson={l} language={draft.language} read={read} />
              ))}
            </ol>
          </div>
        ))}
      </section>
    </div>
  );
}
