import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { manages, peopleOrgs, publishers, submitsFor } from "./roles";

const org = (id: string, kind: Schemas["OrgRef"]["kind"]): Schemas["OrgRef"] => ({
  id,
  kind,
  name: { zh: id, en: id },
});
const school = org("school", "teaching_institution");
const bureau = org("bureau", "personnel_department");
const industry = org("industry", "industry_department");
const me = (...roles: Schemas["MyRole"][]) => ({ roles });

describe("roles", () => {
  it("name each organisation whose people one looks after once, in the order of the roles", () => {
    const person = me(
      { role: "instructor", org: school },
      { role: "department_officer", org: bureau },
      { role: "institution_manager", org: school },
      { role: "employer_officer", org: school },
      { role: "auditor", org: industry },
    );
    expect(manages(person)).toEqual([bureau, school]);
    expect(peopleOrgs(person)).toEqual([bureau, school, industry]);
  });
  it("name each publishing organisation once, and none that publishes nothing", () => {
    const person = me(
      { role: "instructor", org: school },
      { role: "institution_manager", org: school },
      { role: "department_officer", org: industry },
      { role: "department_officer", org: bureau },
    );
    expect(publishers(person).map((o) => o.id)).toEqual(["school", "bureau"]);
  });
  it("let managers submit for their own institution, not for another", () => {
    const manager = me({ role: "institution_manager", org: school });
    expect(submitsFor(manager, school)).toBe(true);
    expect(submitsFor(manager, org("other", "teaching_institution"))).toBe(false);
    expect(submitsFor(me({ role: "instructor", org: school }), school)).toBe(false);
  });
});
