import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { meQuery } from "../../api/queries";
import { allNotesQuery, notesQuery, wire } from "./api";
import { type Item, itemsOf, type Note } from "./model";
import { Outbox, type Settled } from "./outbox";

const prefix = "hourglass.notes.";
const boxes = new Map<string, Outbox>();

/** What the pages show follows what the server holds. */
function showing(queries: QueryClient): Settled {
  return (id, note, { lessonId }) => {
    queries.setQueryData(notesQuery(lessonId).queryKey, (old) => {
      const others = old?.filter((n) => n.id !== id);
      return others && note ? [...others, note] : others;
    });
    if (note) {
      queries.setQueryData(
        allNotesQuery.queryKey,
        (old) => old && { ...old, pages: old.pages.map(replacing(note)) },
      );
    }
    // Not asked at once: what was just deleted keeps its place, to be brought back there.
    void queries.invalidateQueries({ queryKey: allNotesQuery.queryKey, refetchType: "none" });
  };
}

const replacing =
  (note: Note) =>
  <P extends { items: Note[] }>(page: P): P => ({
    ...page,
    items: page.items.map((n) => (n.id === note.id ? note : n)),
  });

function boxOf(person: string, queries: QueryClient): Outbox {
  let box = boxes.get(person);
  if (!box) {
    box = new Outbox(prefix + person, localStorage, wire, showing(queries));
    boxes.set(person, box);
  }
  return box;
}

const usePerson = () => useQueryClient().getQueryData(meQuery.queryKey)?.id ?? "";

/** The changes of whoever is signed in, and how to make one. */
export function useOutbox() {
  const queries = useQueryClient();
  const person = usePerson();
  const box = useMemo(() => boxOf(person, queries), [person, queries]);
  const changes = useSyncExternalStore(box.subscribe, box.snapshot);
  useEffect(() => {
    void box.flush();
    addEventListener("online", box.flush);
    return () => removeEventListener("online", box.flush);
  }, [box]);
  return {
    changes,
    save: ({ id, lessonId, atMs }: Pick<Item, "id" | "lessonId" | "atMs">, text: string) =>
      box.change(id, { lessonId, atMs, text }),
    /** A note the server never took is simply forgotten. */
    remove: ({ id, lessonId, atMs, refused }: Item) =>
      refused ? box.drop(id) : box.change(id, { lessonId, atMs, text: null }),
  };
}

/** One lesson's notes by their moment. */
export function useNotes(lessonId: string) {
  const query = useQuery(notesQuery(lessonId));
  const outbox = useOutbox();
  const items = useMemo(
    () => itemsOf(query.data ?? [], outbox.changes, lessonId),
    [query.data, outbox.changes, lessonId],
  );
  return { ...outbox, items, query };
}

/** Text being written, on the device until it is saved or given up. */
export function useDraft(name: string): [string | null, (text: string | null) => void] {
  const key = `${prefix}${usePerson()}.${name}`;
  const [text, setText] = useState(() => read(key));
  const set = (now: string | null) => {
    setText(now);
    try {
      if (now === null) localStorage.removeItem(key);
      else localStorage.setItem(key, now);
    } catch {
      // Without storage it lives as long as the page.
    }
  };
  return [text, set];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Before signing out: what waits is sent as long as there is somebody to send it for. */
export async function sendNotes(): Promise<void> {
  await Promise.all([...boxes.values()].map((box) => box.flush()));
}

/** After signing out: nothing of the person stays on the device. */
export function forgetNotes() {
  for (const box of boxes.values()) box.clear();
  boxes.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // Without storage nothing stayed.
  }
}
