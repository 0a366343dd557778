import createClient from "openapi-fetch";
import { Problem, problemFrom } from "./problem";
import type { components, paths } from "./schema";

export const api = createClient<paths>({
  baseUrl: "/api/v1",
  credentials: "same-origin",
  // A list is one parameter a value with commas between, as the server reads it.
  querySerializer: { array: { style: "form", explode: false } },
});

export type Schemas = components["schemas"];
export type Text = Schemas["Text"];

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; whatever else came is thrown as a Problem. */
export async function take<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw Problem.network();
  }
  if (answer.error !== undefined || !answer.response.ok) throw problemFrom(answer.response, answer.error);
  return answer.data as T;
}

/** A key under which the server remembers an answer, so that a retry cannot act twice. */
export function idempotent(): { "Idempotency-Key": string } {
  return { "Idempotency-Key": crypto.randomUUID() };
}
