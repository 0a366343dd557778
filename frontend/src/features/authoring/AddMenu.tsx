import { getRouteApi } from "@tanstack/react-router";
import { Icon, type IconName } from "../../ui/Icon";
import { useAuthoring } from "./messages";
import { type LessonKind, newKey, noText } from "./model";
import { useEditor } from "./useEditor";

const route = getRouteApi("/workspace/courses/$courseId");

/** Adds to the outline and opens what was added. */
export function useAdd() {
  const editor = useEditor();
  const navigate = route.useNavigate();
  const open = (key: string) => void navigate({ search: { at: key } });
  return {
    chapter: () => {
      const key = newKey();
      editor.apply({ type: "add-chapter", key, title: noText });
      open(key);
    },
    lesson: (chapter: string, kind: LessonKind) => {
      const key = newKey();
      editor.apply({ type: "add-lesson", chapter, key, kind, title: noText });
      open(key);
    },
  };
}

const kinds: [LessonKind, IconName][] = [
  ["video", "video"],
  ["document", "book"],
  ["quiz", "pencil"],
];

export function AddMenu({ chapter }: { chapter: string }) {
  const t = useAuthoring();
  const add = useAdd();
  return (
    <fieldset className="ol-add" aria-label={t("addLesson")}>
      {kinds.map(([kind, icon]) => (
        <button
          key={kind}
          className="btn quiet sm"
          type="button"
          aria-label={t(`add.${kind}`)}
          onClick={() => add.lesson(chapter, kind)}
        >
          <Icon name={icon} size="s" />
          <span aria-hidden="true">+ {t(`kindShort.${kind}`)}</span>
        </button>
      ))}
    </fieldset>
  );
}
