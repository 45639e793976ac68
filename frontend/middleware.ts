import { type NextRequest, NextResponse } from "next/server";

import { signInPath } from "@/features/auth/nextPath";

const SESSION_COOKIE = "sessionid";

/**
 * Who has no session cookie is sent to sign in and comes back. Only a courtesy: the back end decides at every door,
 * and a page that is answered 401 goes the same way.
 */
export function middleware(request: NextRequest): NextResponse {
  if (request.cookies.has(SESSION_COOKIE)) return NextResponse.next();
  const { pathname, search } = request.nextUrl;
  return NextResponse.redirect(new URL(signInPath(pathname + search), request.url));
}

export const config = {
  matcher: ["/dashboard/:path*", "/preflight", "/call/:path*", "/calls/:path*", "/interviews/:path*"],
};
