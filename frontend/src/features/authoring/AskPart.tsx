import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { AskCard } from "./AskCard";
import { useAuthoring } from "./messages";
import type { EditAsk, EditLesson } from "./model";
import { newAsk } from "./questions";
import { useEditor } from "./useEditor";

const most = 50;

/** A lesson's own questions, which presence checks ask. */
export function AskPart({ lesson, onChange }: { lesson: EditLesson; onChange: (asks: EditAsk[]) => void }) {
  const t = useAuthoring();
  const common = useCommon();
  const { language } = useEditor().get().fields;
  const asks = lesson.asks ?? [];
  return (
    <section className="asks" id="questions" tabIndex={-1} aria-labelledby="asks-title">
      <div>
        <h3 id="asks-title">{t("asks", { count: asks.length })}</h3>
        <p className="muted small">{t("asksHint", { language: common(`language.${language}`) })}</p>
      </div>
      {asks.length === 0 && <p className="muted small">{t("asksEmpty")}</p>}
      {asks.length > 0 && (
        <ol className="qs">
          {asks.map((q, n) => (
            <AskCard
              key={q.key}
              ask={q}
              n={n}
              lesson={lesson}
              language={language}
              onChange={(to) => onChange(asks.map((x) => (x.key === q.key ? to : x)))}
              onRemove={() => onChange(asks.filter((x) => x.key !== q.key))}
            />
          ))}
        </ol>
      )}
      {asks.length < most && (
        <div>
          <button
            className="btn sm"
            type="button"
            onClick={() => onChange([...asks, newAsk(lesson.kind, asks.at(-1))])}
          >
            <Icon name="plus" size="s" />
            {t("addAsk")}
          </button>
        </div>
      )}
    </section>
  );
}
