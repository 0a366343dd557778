/** Characters of a password that is all there is (NIST SP 800-63B-4). */
export const minPassword = 15;

export interface SignUpForm {
  name: string;
  email: string;
  password: string;
}

export type FieldProblem = "needed" | "short" | "emailBad";
export type FormProblems = Partial<Record<keyof SignUpForm, FieldProblem>>;

/** What is wrong before the server is asked; the server stays the judge. */
export function checkSignUp(form: SignUpForm): FormProblems {
  const out: FormProblems = {};
  if (!form.name.trim()) out.name = "needed";
  if (!form.email.trim()) out.email = "needed";
  else if (!/^[^\s@]+@[^\s@]+$/.test(form.email.trim())) out.email = "emailBad";
  if (!form.password) out.password = "needed";
  else if ([...form.password].length < minPassword) out.password = "short";
  return out;
}
