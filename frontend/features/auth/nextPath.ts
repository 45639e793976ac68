/** Where does a person go after signing in? Back to where they were, but only on this site. */

export const HOME_PATH = "/dashboard";

/** An origin that no real page has: a `next` that leaves it leads elsewhere. */
const NOWHERE = "http://nowhere.invalid";

/** The path to go on to; anything that is not a plain path of this site becomes the dashboard. */
export function safeNextPath(next: string | null | undefined): string {
  if (!next?.startsWith("/")) return HOME_PATH;
  let target: URL;
  try {
    target = new URL(next, NOWHERE);
  } catch {
    return HOME_PATH;
  }
  if (target.origin !== NOWHERE || target.pathname === "/" || target.pathname.startsWith("//"))
    return HOME_PATH;
  return target.pathname + target.search + target.hash;
}

/** The sign-in page that leads back here. `signedOut`: the session was over, so the page says why it asks. */
export function signInPath(from: string, { signedOut = false }: { signedOut?: boolean } = {}): string {
  const query = new URLSearchParams({ next: from });
  if (signedOut) query.set("signed-out", "1");
  return `/?${query.toString()}`;
}
