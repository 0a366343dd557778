import { AskPart } from "./AskPart";
import { AssetPart } from "./AssetPart";
import { MarkdownPair } from "./MarkdownPair";
import { useAuthoring } from "./messages";
import type { EditLesson } from "./model";
import { QuizPart } from "./QuizPart";
import { ReadingPart } from "./ReadingPart";
import { Remove } from "./Remove";
import { TextPair } from "./TextPair";
import { useEditor } from "./useEditor";

function Required({ lesson }: { lesson: EditLesson }) {
  const t = useAuthoring();
  const editor = useEditor();
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={lesson.required}
        onChange={(e) =>
          editor.apply({ type: "change-lesson", key: lesson.key, patch: { required: e.target.checked } })
        }
      />
      <span>
        {t("required")}
        <span className="small muted">{t(`requiredHint.${lesson.kind}`)}</span>
      </span>
    </label>
  );
}

export function LessonPanel({ lesson }: { lesson: EditLesson }) {
  const t = useAuthoring();
  const editor = useEditor();
  const change = (patch: Partial<EditLesson>) =>
    editor.apply({ type: "change-lesson", key: lesson.key, patch });
  return (
    <div className="card bx form">
      <h2>{t(`kind.${lesson.kind}`)}</h2>
      <TextPair
        id="title"
        label={t("lessonTitle")}
        value={lesson.title}
        maxLength={200}
        onChange={(title) => change({ title })}
      />
      <Required lesson={lesson} />
      {lesson.kind === "video" && <AssetPart lesson={lesson} kind="video" />}
      {lesson.kind === "document" && (
        <div className="form" id="content" tabIndex={-1}>
          <MarkdownPair
            id="text"
            label={t("text")}
            value={lesson.text}
            maxLength={100_000}
            lines={10}
            onChange={(text) => change({ text })}
          />
          <AssetPart lesson={lesson} kind="document" />
          <ReadingPart lesson={lesson} />
        </div>
      )}
      {lesson.kind === "quiz" && (
        <QuizPart
          quiz={lesson.quiz ?? { passMark: 60, questions: [] }}
          onChange={(quiz) => change({ quiz })}
        />
      )}
      {lesson.kind !== "quiz" && <AskPart lesson={lesson} onChange={(asks) => change({ asks })} />}
      <Remove words={t("removeLesson")} question={t("removeLessonSure")} item={lesson.key} />
    </div>
  );
}
