import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { authors, oversees, publishers, reviews, submitsFor } from "./roles";

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
  it("open the workshop to authors and the queue to officers only", () => {
    expect(authors(me({ role: "professional", org: school }))).toBe(false);
    expect(authors(me({ role: "instructor", org: school }))).toBe(true);
    expect(reviews(me({ role: "institution_manager", org: school }))).toBe(false);
    expect(reviews(me({ role: "department_officer", org: bureau }))).toBe(true);
  });
  it("show flags to officers of personnel departments and to auditors", () => {
    expect(oversees(me({ role: "department_officer", org: bureau }))).toBe(true);
    expect(oversees(me({ role: "department_officer", org: industry }))).toBe(false);
    expect(oversees(me({ role: "auditor", org: bureau }))).toBe(true);
    expect(oversees(me({ role: "institution_manager", org: school }))).toBe(false);
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
