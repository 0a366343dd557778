/** What is known by name; other deeds are shown by their own. */
export const actions = [
  "account.open",
  "account.verify-mail",
  "account.change-mail",
  "account.change-password",
  "account.reset-password",
  "account.add-totp",
  "account.remove-totp",
  "account.add-passkey",
  "account.remove-passkey",
  "account.renew-recovery-codes",
  "account.use-recovery-code",
  "account.end-sign-in",
  "account.end-other-sign-ins",
  "account.ask-deletion",
  "account.keep",
  "account.delete",
  "access-token.create",
  "access-token.revoke",
  "admin-command.run",
  "audit-trail.export",
  "consent.withdraw",
  "course.submit",
  "course.withdraw",
  "course.return",
  "course.publish",
  "data-export.request",
  "data-export.fetch",
  "evidence.drop",
  "identity-document.enter",
  "identity-document.reveal",
  "identity-document.forget",
  "integrity-flag.raise",
  "integrity-flag.read",
  "integrity-flag.decide",
  "invitation.invite",
  "invitation.resend",
  "invitation.revoke",
  "membership.give",
  "membership.end",
  "membership.transfer",
  "merge-request.make",
  "merge-request.accept",
  "merge-request.refuse",
  "merge-request.withdraw",
  "organisation.create",
  "organisation.change",
  "organisation.move",
  "organisation.merge",
  "organisation.close",
  "record.view",
  "sign-in-link.create",
  "sign-in-link.end",
  "sign-in-provider.change",
  "sign-in-provider.confirm-domains",
  "study-file.read",
  "study-session.read",
] as const;

export type Action = (typeof actions)[number];

export const known = (action: string): Action | undefined => actions.find((a) => a === action);

/** The kinds of object of what is known, each once: "course.", "account." … */
export const objects = [...new Set(actions.map((a) => a.slice(0, a.indexOf(".") + 1)))];

export interface Change {
  name: string;
  before?: string;
  after?: string;
}

type Side = unknown;

const fields = (side: Side): Record<string, unknown> =>
  side && typeof side === "object" && !Array.isArray(side)
    ? (side as Record<string, unknown>)
    : side === undefined || side === null
      ? {}
      : { "": side };

const shown = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? undefined
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

/** What a deed changed, field by field, in the order of its own writing; what stayed is left out. */
export function changes(before: Side, after: Side): Change[] {
  const old = fields(before);
  const now = fields(after);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map((name) => ({ name, before: shown(old[name]), after: shown(now[name]) }))
    .filter((c) => c.before !== c.after);
}
