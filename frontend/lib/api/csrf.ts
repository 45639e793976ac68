/** How does a write prove that it comes from our own page? With the token of Django's cookie, read at send time. */

const COOKIE_NAME = "csrftoken";
export const CSRF_HEADER = "X-CSRFToken";
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method.toUpperCase());
}

export function readCsrfCookie(cookies: string = document.cookie): string | null {
  for (const cookie of cookies.split("; ")) {
    const [name, value] = cookie.split("=", 2);
    if (name === COOKIE_NAME && value) return decodeURIComponent(value);
  }
  return null;
}

/** The token to send. Signing in changes it, so it is never kept; without a cookie the server is asked for one. */
export async function csrfToken(): Promise<string> {
  const fromCookie = readCsrfCookie();
  if (fromCookie) return fromCookie;
  const response = await fetch("/api/v1/csrf/", { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The server gave no CSRF token (${response.status}).`);
  const body = (await response.json()) as { csrf_token: string };
  return body.csrf_token;
}
