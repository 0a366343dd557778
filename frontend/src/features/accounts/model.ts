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
  else if ([...form.password].length < 8) out.password = "short";
  return out;
}
