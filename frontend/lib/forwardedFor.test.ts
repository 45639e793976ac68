// @vitest-environment node
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

import { describe, expect, it } from "vitest";

import { appendCaller, nameCallers } from "./forwardedFor";

describe("the caller's address", () => {
  it.each([
    [undefined, "203.0.113.7", "203.0.113.7"],
    ["6.6.6.6", "203.0.113.7", "6.6.6.6, 203.0.113.7"],
    ["6.6.6.6, 7.7.7.7", undefined, "6.6.6.6, 7.7.7.7, unknown"],
  ])("stands last, after whatever was written: %s, %s", (written, address, sent) => {
    const headers = { "x-forwarded-for": written };
    appendCaller(headers, address);
    expect(headers["x-forwarded-for"]).toBe(sent);
  });

  it("is named once on every request, however often the server is prepared", async () => {
    nameCallers();
    nameCallers();
    const server = createServer((incoming, answer) => answer.end(incoming.headers["x-forwarded-for"]));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const told = await new Promise<string>((resolve, reject) => {
      request({ host: "127.0.0.1", port, headers: { "X-Forwarded-For": "6.6.6.6" } }, (answer) => {
        answer.setEncoding("utf8").on("data", resolve);
      })
        .on("error", reject)
        .end();
    });
    server.close();
    expect(told).toBe("6.6.6.6, 127.0.0.1");
  });
});
