import { AddMenu } from "./AddMenu";
import { useAuthoring } from "./messages";
import type { EditChapter } from "./model";
import { Remove } from "./Remove";
import { TextPair } from "./TextPair";
import { useEditor } from "./useEditor";

export function ChapterPanel({ chapter }: { chapter: EditChapter }) {
  const t = useAuthoring();
  const editor = useEditor();
  return (
    <div className="card bx form">
      <h2>{t("chapter")}</h2>
      <TextPair
        id="title"
        label={t("chapterTitle")}
        value={chapter.title}
        maxLength={200}
        onChange={(title) => editor.apply({ type: "rename-chapter", key: chapter.key, title })}
      />
      <div id="content" tabIndex={-1}>
        <p className="small muted">
          {chapter.lessons.length > 0 ? t("lessonsIn", { count: chapter.lessons.length }) : t("chapterEmpty")}
        </p>
        <AddMenu chapter={chapter.key} />
      </div>
      <Remove
        words={t("removeChapter")}
        question={t("removeChapterSure", { count: chapter.lessons.length })}
        item={chapter.key}
      />
    </div>
  );
}
