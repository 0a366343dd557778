import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { departments, manages, peopleOrgs } from "./roles";
import { belongs, chosen, standing, workspacesOf } from "./workspaces";

const org = (id: string, kind: Schemas["OrgRef"]["kind"]): Schemas["OrgRef"] => ({
  id,
  kind,
  name: { zh: id, en: id },
});
const bureau = org("bureau", "personnel_department");
const industry = org("industry", "industry_department");
const school = org("school", "teaching_institution");
const works = org("works", "employer");
const me = (...roles: Schemas["MyRole"][]) => ({ roles });
const several = me(
  { role: "professional", org: works },
  { role: "employer_officer", org: works },
  { role: "instructor", org: school },
  { role: "institution_manager", org: school },
  { role: "department_officer", org: bureau },
  { role: "auditor", org: bureau },
);
const ids = (of: Parameters<typeof workspacesOf>[0]) => workspacesOf(of).map((w) => w.id);

describe("workspaces", () => {
  it("are one for each organisation and capacity, and none for who only learns", () => {
    expect(ids(several)).toEqual([
      "department-bureau",
      "institution-school",
      "employer-works",
      "auditor-bureau",
    ]);
    expect(workspacesOf(several)[1]?.roles).toEqual(["instructor", "institution_manager"]);
    expect(ids(me({ role: "professional", org: works }))).toEqual([]);
  });
  it("hold the pages that are theirs", () => {
    const all = [
      "reviews",
      "integrity",
      "courses",
      "hours/1",
      "people",
      "staff/1",
      "assignments",
      "sign-in",
      "organisations",
      "merges",
      "trail",
    ];
    const pages = (w?: ReturnType<typeof workspacesOf>[number]) =>
      all.filter((p) => w && belongs(w, `/workspace/${p}`));
    const [department, institution, employer, auditor] = workspacesOf(several);
    expect(pages(department)).toEqual(all);
    expect(pages(institution)).toEqual(["courses", "hours/1", "people", "staff/1", "assignments", "sign-in"]);
    expect(pages(employer)).toEqual(["hours/1", "people", "staff/1", "assignments", "sign-in"]);
    expect(pages(auditor)).toEqual(["integrity", "hours/1", "people", "trail"]);
    expect(pages(workspacesOf(me({ role: "department_officer", org: industry }))[0])).toEqual([
      "reviews",
      "courses",
      "people",
      "staff/1",
      "assignments",
      "sign-in",
      "organisations",
    ]);
    expect(pages(workspacesOf(me({ role: "instructor", org: school }))[0])).toEqual(["courses"]);
  });
  it("list people and trees to whom the roles give them", () => {
    const roles = [
      "department_officer",
      "institution_manager",
      "instructor",
      "employer_officer",
      "auditor",
    ] as const;
    for (const role of roles)
      for (const org of [bureau, industry, school, works]) {
        const one = me({ role, org });
        const personnel = role === "department_officer" && org === bureau;
        const holds = (path: string) => workspacesOf(one).some((w) => belongs(w, path));
        expect([role, holds("/workspace/people")]).toEqual([role, peopleOrgs(one).length > 0]);
        expect([role, holds("/workspace/staff")]).toEqual([role, manages(one).length > 0]);
        expect([role, holds("/workspace/sign-in")]).toEqual([role, manages(one).length > 0]);
        expect([role, holds("/workspace/organisations")]).toEqual([role, departments(one).length > 0]);
        expect([role, holds("/workspace/reviews")]).toEqual([role, role === "department_officer"]);
        expect([role, holds("/workspace/courses")]).toEqual([
          role,
          ["instructor", "institution_manager", "department_officer"].includes(role),
        ]);
        expect([role, holds("/workspace/merges")]).toEqual([role, personnel]);
        for (const path of ["/workspace/integrity", "/workspace/trail"])
          expect([role, holds(path)]).toEqual([role, role === "auditor" || personnel]);
      }
  });
});

describe("an address without a workspace", () => {
  it("opens in the first that has the page, or in the tab's last", () => {
    expect(chosen(several, "/workspace", null)?.id).toBe("department-bureau");
    expect(chosen(several, "/workspace/hours", "employer-works")?.id).toBe("employer-works");
    expect(chosen(several, "/workspace/reviews", "employer-works")?.id).toBe("department-bureau");
    expect(chosen(several, "/workspace", "employer-sold")?.id).toBe("department-bureau");
    expect(chosen(me(), "/workspace", null)).toBeUndefined();
  });
});

describe("an address with a workspace", () => {
  it("opens if the workspace is held and has the page", () => {
    expect(standing(several, "employer-works", "/workspace/hours")).toMatchObject({
      open: { id: "employer-works" },
    });
  });
  it("says why it does not, and where the page is", () => {
    expect(standing(several, "employer-works", "/workspace/reviews")).toMatchObject({
      closed: "elsewhere",
      others: [{ id: "department-bureau" }],
    });
    expect(standing(several, "employer-sold", "/workspace/hours")).toMatchObject({ closed: "not-held" });
    expect(standing(me({ role: "instructor", org: school }), undefined, "/workspace/reviews")).toMatchObject({
      closed: "nowhere",
      others: [],
    });
    expect(standing(me(), undefined, "/workspace/courses")).toMatchObject({ closed: "nowhere", others: [] });
  });
});
