// @vitest-environment node
import { NextRequest } from "next/server";
import { expect, it } from "vitest";

import { middleware } from "./middleware";

function requestOf(path: string, cookie?: string): NextRequest {
  return new NextRequest(`http://localhost:3000${path}`, { headers: cookie ? { cookie } : {} });
}

it("sends who has no session to sign in, with the way back", () => {
  const answer = middleware(requestOf("/calls?page=2"));
  expect(answer.status).toBe(307);
  expect(answer.headers.get("location")).toBe("http://localhost:3000/?next=%2Fcalls%3Fpage%3D2");
});

it("lets everybody else pass: the back end decides", () => {
  expect(middleware(requestOf("/calls", "sessionid=anything")).headers.get("location")).toBeNull();
});
