import { useEffect, useState } from "react";
import type { Schemas } from "../../api/client";
import { useNotesText } from "../../lib/notes/messages";
import { Tabs } from "../../ui/Tabs";
import { usePlayer } from "./messages";
import { type Asked, NotesPanel } from "./notes/NotesPanel";
import { Transcript } from "./Transcript";

interface Props {
  lesson: Schemas["Lesson"];
  atMs: number;
  asked: Asked | null;
  onGo: (seconds: number) => void;
}

/** What there is to read beside the picture: what is said, and one's own notes. */
export function LessonText({ lesson, atMs, asked, onGo }: Props) {
  const t = usePlayer();
  const notes = useNotesText();
  const [chosen, choose] = useState("transcript");
  useEffect(() => {
    if (asked) choose("notes");
  }, [asked]);
  const tabs = [
    {
      id: "transcript",
      label: t("transcript"),
      content: <Transcript tracks={lesson.captions} atMs={atMs} onGo={onGo} />,
    },
    {
      id: "notes",
      label: notes("notes"),
      content: <NotesPanel lessonId={lesson.id} atMs={atMs} asked={asked} onGo={onGo} />,
    },
  ];
  return (
    <section className="tr-w">
      <Tabs label={t("textTabs")} tabs={tabs} chosen={chosen} onChoose={choose} />
    </section>
  );
}
