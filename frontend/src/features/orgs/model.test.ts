import { describe, expect, it } from "vitest";
import { dayOf, decisionsOn, endOf, kindsBelow, levelsBelow, rolesIn } from "./model";

describe("what may be planted", () => {
  it("is everything below a personnel department, and no personnel department below an industry's", () => {
    expect(kindsBelow("personnel_department")).toContain("personnel_department");
    expect(kindsBelow("industry_department")).not.toContain("personnel_department");
  });
  it("stands lower than its parent", () => {
    expect(levelsBelow("provincial")).toEqual(["municipal", "county"]);
    expect(levelsBelow("county")).toEqual([]);
    expect(levelsBelow(undefined)).toEqual([]);
  });
  it("has the roles of its kind", () => {
    expect(rolesIn("employer")).toEqual(["professional", "employer_officer"]);
    expect(rolesIn("industry_department")).toContain("department_officer");
  });
});

describe("what may be decided", () => {
  it("follows from what holds and what waits", () => {
    const step = { state: "applied", at: "2026-05-04T00:00:00Z" } as const;
    expect(decisionsOn({ state: "never" })).toEqual(["accredit"]);
    expect(decisionsOn({ state: "never", pending: step })).toEqual(["accredit", "refuse"]);
    expect(decisionsOn({ state: "accredited", pending: step })).toEqual([
      "accredit",
      "refuse",
      "suspend",
      "revoke",
    ]);
    expect(decisionsOn({ state: "suspended" })).toEqual(["accredit", "revoke"]);
    expect(decisionsOn({ state: "revoked" })).toEqual(["accredit"]);
  });
});

describe("the last day of a role", () => {
  const now = new Date(2026, 4, 4, 15, 30);
  it("is whole when it has passed, and ends now when it is today", () => {
    expect(endOf("2026-05-03", now)).toBe(new Date(2026, 4, 3, 23, 59, 59).toISOString());
    expect(endOf("2026-05-04", now)).toBe(now.toISOString());
    expect(dayOf(now)).toBe("2026-05-04");
  });
});
