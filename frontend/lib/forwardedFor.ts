import { type IncomingHttpHeaders, type IncomingMessage, Server } from "node:http";

const HEADER = "x-forwarded-for";
const INSTALLED = Symbol.for("parley.forwardedFor");

/**
 * What a proxy does and Next's rewrites do not: append the address that was seen to whatever the caller wrote. The
 * back end counts sign-ins by it and believes the last entry only, so nobody can choose an address by writing one.
 */
export function appendCaller(headers: IncomingHttpHeaders, address: string | undefined): void {
  const written = headers[HEADER];
  const before = Array.isArray(written) ? written.join(", ") : written;
  headers[HEADER] = [before, address ?? "unknown"].filter(Boolean).join(", ");
}

/** Every request that this process is sent carries its caller's address from now on. */
export function nameCallers(): void {
  const prototype = Server.prototype as Server & { [INSTALLED]?: true };
  if (prototype[INSTALLED]) return;
  prototype[INSTALLED] = true;
  const emit = prototype.emit;
  prototype.emit = function (this: Server, event: string | symbol, ...values: unknown[]): boolean {
    if (event === "request" || event === "upgrade") {
      const request = values[0] as IncomingMessage;
      appendCaller(request.headers, request.socket.remoteAddress);
    }
    return Reflect.apply(emit, this, [event, ...values]) as boolean;
  } as typeof emit;
}
