import { chaptersToSend, type EditChapter, type EditLesson, type Fields, lessonToSend, same } from "./model";

/** Lays my edits over what somebody else saved meanwhile: whatever I changed is mine, the rest theirs. */
export function overlayFields(base: Fields, mine: Fields, theirs: Fields): Fields {
  const out: Record<string, unknown> = { ...theirs };
  for (const key of Object.keys({ ...base, ...mine }) as (keyof Fields)[])
    if (!same(base[key], mine[key])) out[key] = mine[key];
  return out as unknown as Fields;
}

const byId = <T extends { id?: string }>(list: T[]) =>
  new Map(list.flatMap((x) => (x.id ? [[x.id, x] as const] : [])));
const lessonsIn = (chapters: EditChapter[]) => chapters.flatMap((c) => c.lessons);

/** My lesson in the place of theirs; questions they deleted have lost their ids. */
function over(mine: EditLesson, theirs: EditLesson): EditLesson {
  const known = new Set(theirs.quiz?.questions.map((q) => q.id));
  const quiz = mine.quiz && {
    ...mine.quiz,
    questions: mine.quiz.questions.map((q) => (known.has(q.id) ? q : { ...q, id: undefined })),
  };
  return { ...mine, quiz };
}

function asNew(l: EditLesson): EditLesson {
  const quiz = l.quiz && { ...l.quiz, questions: l.quiz.questions.map((q) => ({ ...q, id: undefined })) };
  return { ...l, id: undefined, quiz };
}

/**
 * The same for the outline, lesson by lesson. Order and removals are theirs;
 * what I wrote anew, or changed and they removed, is added where it stood.
 */
export function overlayOutline(
  base: EditChapter[],
  mine: EditChapter[],
  theirs: EditChapter[],
): EditChapter[] {
  if (same(chaptersToSend(mine), chaptersToSend(base))) return theirs;
  if (same(chaptersToSend(theirs), chaptersToSend(base))) return mine;
  const baseLessons = byId(lessonsIn(base));
  const theirLessons = byId(lessonsIn(theirs));
  const myLessons = byId(lessonsIn(mine));
  const changed = (l: EditLesson) => {
    const before = l.id ? baseLessons.get(l.id) : undefined;
    return !before || !same(lessonToSend(before), lessonToSend(l));
  };
  const homeless = (c: EditChapter) =>
    c.lessons.filter((l) => changed(l) && !(l.id && theirLessons.has(l.id))).map(asNew);
  const myChapters = byId(mine);
  const baseChapters = byId(base);
  const merged = theirs.map((c) => {
    const my = c.id ? myChapters.get(c.id) : undefined;
    const before = c.id ? baseChapters.get(c.id) : undefined;
    const lessons = c.lessons.map((l) => {
      const m = l.id ? myLessons.get(l.id) : undefined;
      return m && changed(m) ? over(m, l) : l;
    });
    const retitled = my && before && !same(my.title, before.title);
    return { ...c, title: retitled ? my.title : c.title, lessons: [...lessons, ...(my ? homeless(my) : [])] };
  });
  const kept = byId(theirs);
  const extra = mine
    .filter((c) => !(c.id && kept.has(c.id)))
    .map((c) => ({ ...c, id: undefined, lessons: homeless(c) }))
    .filter((c) => c.lessons.length > 0 || !baseChapters.has(c.key));
  return [...merged, ...extra];
}
