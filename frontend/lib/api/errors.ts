/** What went wrong between page and server, in one kind of error. */

export interface ErrorBody {
  detail?: string;
  code?: string;
  /** What is wrong with which field: a path in the body to its sentences. */
  errors?: Record<string, string[]> | null;
}

const NOT_SIGNED_IN = 401;
const NOT_FOUND = 404;
const FULL = 503;

/** The server refused. `status` 0: it did not answer at all. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly body: ErrorBody = {},
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(body.detail ?? (status ? `The server answered ${status}.` : "The server did not answer."));
  }

  get code(): string | undefined {
    return this.body.code;
  }
  get isNotSignedIn(): boolean {
    return this.status === NOT_SIGNED_IN;
  }
  get isNotFound(): boolean {
    return this.status === NOT_FOUND;
  }
  get isFull(): boolean {
    return this.status === FULL;
  }
}

/** `Retry-After` in seconds; null where it is absent or a date. */
export function parseRetryAfter(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer, or an ApiError: for a client that answers `{data, error}`. */
export async function unwrap<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch {
    throw new ApiError(0);
  }
  const { data, error, response } = answer;
  if (!response.ok) {
    throw new ApiError(
      response.status,
      toErrorBody(error),
      parseRetryAfter(response.headers.get("Retry-After")),
    );
  }
  return data as T;
}

function toErrorBody(error: unknown): ErrorBody {
  return typeof error === "object" && error !== null ? (error as ErrorBody) : {};
}
