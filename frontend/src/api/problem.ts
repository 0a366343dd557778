/** One invalid place of a request, e.g. `body.email`. */
export interface InvalidField {
  location: string;
  message: string;
}

interface ProblemDocument {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  instance?: string;
  errors?: InvalidField[];
  [extension: string]: unknown;
}

/** What the server (RFC 9457) or the network answered instead of data. `code` is stable; `network` means no answer came. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  readonly fields: InvalidField[];
  readonly extra: Record<string, unknown>;

  constructor(
    status: number,
    document: ProblemDocument,
    readonly retryAfterS = 0,
  ) {
    super(document.detail || document.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = document.type?.split("/").pop() || "unknown";
    this.detail = document.detail ?? "";
    this.requestId = document.instance ?? "";
    this.fields = document.errors ?? [];
    this.extra = document;
  }

  /** Trying the very same thing again may help: nothing was decided. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  static network(): Problem {
    return new Problem(0, { type: "/problems/network", title: "No answer from the server" });
  }
}

/** The problem a failed answer carries, whatever its body turned out to be. */
export function problemFrom(response: Response, body: unknown): Problem {
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  const document =
    typeof body === "object" && body !== null
      ? (body as ProblemDocument)
      : { type: `/problems/http-${response.status}` };
  return new Problem(response.status, document, retryAfter);
}

export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : "unknown";
}

/** Whether the server found this one place not right, without a reason that has a text of its own. */
export function refusedField(error: unknown, location: string): boolean {
  return (
    error instanceof Problem && error.code === "invalid" && error.fields.some((f) => f.location === location)
  );
}
