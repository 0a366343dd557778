import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Tagged } from "../../api/tagged";
import { wire } from "./api";
import { Editor, type Snapshot } from "./editor";
import type { Draft } from "./model";

/** The editor of a course while its page is open; what is unsaved when it closes is sent then. */
export function useNewEditor(courseId: string, loaded: Tagged<Draft>): Editor {
  const [editor] = useState(() => new Editor(courseId, loaded, wire));
  const queries = useQueryClient();
  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      if (editor.dirty) e.preventDefault();
    };
    const saveKey = (e: KeyboardEvent) => {
      if (e.key !== "s" || !(e.ctrlKey || e.metaKey)) return;
      e.preventDefault();
      void editor.save();
    };
    addEventListener("beforeunload", warn);
    addEventListener("keydown", saveKey);
    return () => {
      removeEventListener("beforeunload", warn);
      removeEventListener("keydown", saveKey);
      void editor.save().then(() => queries.invalidateQueries({ queryKey: ["drafts"] }));
    };
  }, [editor, queries]);
  return editor;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("the editor's parts live inside its page");
  return editor;
}

export function useSnapshot(editor: Editor): Snapshot {
  return useSyncExternalStore(editor.subscribe, editor.get);
}
