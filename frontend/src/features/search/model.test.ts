import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import type { Workspace } from "../../lib/workspaces";
import { grouped, type Hit, hitsOf, remembered, step } from "./model";

const org = (id: string, kind: Schemas["OrgRef"]["kind"]): Schemas["OrgRef"] => ({
  id,
  kind,
  name: { zh: id, en: id },
});
const school = org("school", "teaching_institution");
const works = org("works", "employer");
const title = { zh: "水", en: "Water" };
const found: Schemas["Findings"] = {
  people: [{ person: { id: "p", name: "李雷" }, org: works }],
  courses: [{ id: "c", title, provider: school, hours: 1 }],
  drafts: [{ id: "d", title, provider: school, state: "draft" }],
  organisations: [school, works],
};
const officer: Workspace = {
  id: "employer-works",
  kind: "employer",
  org: works,
  roles: ["employer_officer"],
};
const author: Workspace = {
  id: "institution-school",
  kind: "institution",
  org: school,
  roles: ["instructor"],
};

describe("what was found", () => {
  it("leads where the person may go, in the workspace for it", () => {
    expect(hitsOf(found, [author, officer], author).map((h) => [h.to, h.search.ws])).toEqual([
      ["/workspace/hours/p", "employer-works"],
      ["/courses/c", undefined],
      ["/workspace/courses/d", "institution-school"],
      ["/organisations/school", undefined],
      ["/organisations/works", undefined],
    ]);
  });
  it("leaves out what has no place to go", () => {
    expect(hitsOf(found, [], undefined).map((h) => h.group)).toEqual([
      "courses",
      "organisations",
      "organisations",
    ]);
  });
  it("is shown by group, and each knows its place in the list", () => {
    expect(grouped(hitsOf(found, [author, officer])).map((g) => [g.group, g.from, g.hits.length])).toEqual([
      ["people", 0, 1],
      ["courses", 1, 1],
      ["drafts", 2, 1],
      ["organisations", 3, 2],
    ]);
  });
});

describe("arrow keys", () => {
  it("go around the list and start at its ends", () => {
    expect([step(-1, 1, 3), step(-1, -1, 3), step(2, 1, 3), step(0, -1, 3), step(-1, 1, 0)]).toEqual([
      0, 2, 0, 2, -1,
    ]);
  });
});

describe("recent", () => {
  it("are five, the last first, each once", () => {
    const hit = (key: string): Hit => ({ key, group: "courses", name: key, sub: title, to: "/", search: {} });
    const all = ["a", "b", "c", "d", "e", "f", "b"].reduce<Hit[]>(
      (before, k) => remembered(before, hit(k)),
      [],
    );
    expect(all.map((h) => h.key)).toEqual(["b", "f", "e", "d", "c"]);
  });
});
