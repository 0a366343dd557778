import type { Schemas, Text } from "../../api/client";
import { belongs, showsPeople, type Workspace } from "../../lib/workspaces";

export type Group = "people" | "courses" | "drafts" | "organisations";

/** Something that was found, as the list shows it and as it is remembered. */
export interface Hit {
  key: string;
  group: Group;
  name: Text | string;
  sub: Text;
  to: string;
  search: Record<string, unknown>;
}

/** Everything found in the order of the list; a thing without a place to go is left out. */
export function hitsOf(found: Schemas["Findings"], workspaces: Workspace[], at?: Workspace): Hit[] {
  const here = [...(at ? [at] : []), ...workspaces];
  const looks = here.find(showsPeople);
  const hits: Hit[] = [];
  for (const { person, org } of found.people)
    if (looks)
      hits.push({
        key: `person-${person.id}`,
        group: "people",
        name: person.name,
        sub: org.name,
        to: `/workspace/hours/${person.id}`,
        search: { ws: looks.id },
      });
  for (const c of found.courses)
    hits.push({
      key: `course-${c.id}`,
      group: "courses",
      name: c.title,
      sub: c.provider.name,
      to: `/courses/${c.id}`,
      search: {},
    });
  for (const d of found.drafts) {
    const desk = here.find((w) => w.org.id === d.provider.id && belongs(w, "/workspace/courses"));
    if (desk)
      hits.push({
        key: `draft-${d.id}`,
        group: "drafts",
        name: d.title,
        sub: d.provider.name,
        to: `/workspace/courses/${d.id}`,
        search: { ws: desk.id },
      });
  }
  for (const o of found.organisations)
    hits.push({
      key: `org-${o.id}`,
      group: "organisations",
      name: o.name,
      sub: o.name,
      to: `/organisations/${o.id}`,
      search: {},
    });
  return hits;
}

/** Groups in the order they come, each with its hits and where the first stands in the whole list. */
export function grouped(hits: Hit[]): { group: Group; from: number; hits: Hit[] }[] {
  const out: { group: Group; from: number; hits: Hit[] }[] = [];
  hits.forEach((hit, n) => {
    const last = out.at(-1);
    if (last?.group === hit.group) last.hits.push(hit);
    else out.push({ group: hit.group, from: n, hits: [hit] });
  });
  return out;
}

/** Where an arrow key goes in a list of so many: around, and from nowhere to an end. */
export function step(at: number, by: 1 | -1, count: number): number {
  if (count === 0) return -1;
  if (at < 0) return by === 1 ? 0 : count - 1;
  return (at + by + count) % count;
}

/** The last first, each once, few enough to be seen at a glance. */
export const remembered = (before: Hit[], hit: Hit): Hit[] =>
  [hit, ...before.filter((h) => h.key !== hit.key)].slice(0, 5);
