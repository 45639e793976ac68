/** How does a person sign in, sign up and sign out? Through django-allauth's headless API, which keeps the session cookie. */

import { CSRF_HEADER, csrfToken, isSafeMethod } from "@/lib/api/csrf";

const BASE = "/_allauth/browser/v1";
const TOO_MANY_CODES = new Set(["too_many_login_attempts", "rate_limited"]);

export interface Credentials {
  username: string;
  password: string;
}

interface AllauthError {
  code: string;
  message: string;
  param?: string;
}

/** What came of it: in, or why not. `fields` are the server's own sentences about one field. */
export type SignInOutcome =
  | { kind: "signed-in" }
  | { kind: "no-match" }
  | { kind: "refused"; message: string | null; fields: { username?: string; password?: string } }
  | { kind: "too-many-tries" }
  | { kind: "no-answer" };

export async function signIn(credentials: Credentials): Promise<SignInOutcome> {
  return toOutcome(() => send("POST", "/auth/login", credentials), { isSigningIn: true });
}

export async function signUp(credentials: Credentials): Promise<SignInOutcome> {
  return toOutcome(() => send("POST", "/auth/signup", credentials), { isSigningIn: false });
}

/** True when the server has let go of the session; allauth answers 401 to whoever is no longer signed in. */
export async function signOut(): Promise<boolean> {
  try {
    const response = await send("DELETE", "/auth/session");
    return response.ok || response.status === 401;
  } catch {
    return false;
  }
}

/** Is there a session already? A server that does not answer counts as no. */
export async function isSignedIn(): Promise<boolean> {
  try {
    return (await send("GET", "/auth/session")).ok;
  } catch {
    return false;
  }
}

async function send(method: string, path: string, body?: Credentials): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  if (body) headers.set("Content-Type", "application/json");
  if (!isSafeMethod(method)) headers.set(CSRF_HEADER, await csrfToken());
  return fetch(BASE + path, {
    method,
    headers,
    credentials: "same-origin",
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

async function toOutcome(
  ask: () => Promise<Response>,
  { isSigningIn }: { isSigningIn: boolean },
): Promise<SignInOutcome> {
  let response: Response;
  try {
    response = await ask();
  } catch {
    return { kind: "no-answer" };
  }
  // 409: this browser is signed in already.
  if (response.ok || response.status === 409) return { kind: "signed-in" };
  if (response.status === 429) return { kind: "too-many-tries" };
  if (response.status >= 500) return { kind: "no-answer" };
  const errors = await readErrors(response);
  if (errors.some((error) => TOO_MANY_CODES.has(error.code))) return { kind: "too-many-tries" };
  if (isSigningIn && [400, 401].includes(response.status)) return { kind: "no-match" };
  return toRefusal(errors);
}

async function readErrors(response: Response): Promise<AllauthError[]> {
  const body = (await response.json().catch(() => null)) as { errors?: AllauthError[] } | null;
  return body?.errors ?? [];
}

function toRefusal(errors: readonly AllauthError[]): SignInOutcome {
  const about = (param: string) =>
    errors
      .filter((error) => error.param === param)
      .map((error) => error.message)
      .join(" ") || undefined;
  const fields = { username: about("username"), password: about("password") };
  const general = errors.find((error) => error.param !== "username" && error.param !== "password");
  return { kind: "refused", message: general?.message ?? null, fields };
}
