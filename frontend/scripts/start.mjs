// Serves the production build: the standalone server with the static files laid beside it. PORT and HOSTNAME choose
// where; 3000 on every interface without them.
import { cp, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const standalone = `${root}.next/standalone`;

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}

if (!(await exists(`${standalone}/server.js`))) {
  console.error("There is no production build yet. Run: npm run build");
  process.exit(1);
}
await cp(`${root}.next/static`, `${standalone}/.next/static`, { recursive: true });
if (await exists(`${root}public`)) await cp(`${root}public`, `${standalone}/public`, { recursive: true });

// A container sets HOSTNAME to its own name; Next would bind to that alone.
if (!process.env.HOSTNAME || process.env.HOSTNAME === hostname()) process.env.HOSTNAME = "0.0.0.0";
process.env.PORT ??= "3000";
process.env.NEXT_TELEMETRY_DISABLED = "1";
await import(`file://${standalone}/server.js`);
