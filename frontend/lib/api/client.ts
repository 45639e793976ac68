/** How does the page talk to /api/v1? Through one typed client, same origin, with the CSRF token on each write. */

import createClient, { type Middleware } from "openapi-fetch";

import { CSRF_HEADER, csrfToken, isSafeMethod } from "./csrf";
import type { paths } from "./schema";

const sendCsrfToken: Middleware = {
  async onRequest({ request }) {
    if (!isSafeMethod(request.method)) request.headers.set(CSRF_HEADER, await csrfToken());
    return request;
  },
};

// Same origin by a relative address; tests under Node have no page to be relative to.
const baseUrl = typeof window === "undefined" ? "http://localhost" : window.location.origin;

export const api = createClient<paths>({
  baseUrl,
  credentials: "same-origin",
  // Looked up at each call: a test may stand in for the network.
  fetch: (request) => globalThis.fetch(request),
});
api.use(sendCsrfToken);
