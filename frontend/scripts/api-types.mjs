// The types of lib/api/schema.d.ts, made from contracts/openapi.json. `--check` writes nothing and fails on drift.
import { readFile, writeFile } from "node:fs/promises";

import openapiTypescript, { astToString } from "openapi-typescript";

const SCHEMA = new URL("../../contracts/openapi.json", import.meta.url);
const TYPES = new URL("../lib/api/schema.d.ts", import.meta.url);
const HEADER = "// Made by `npm run api:types` from contracts/openapi.json. Not edited by hand.\n\n";

// A field with a default may be left out of a request; answers name theirs as required.
const types = HEADER + astToString(await openapiTypescript(SCHEMA, { defaultNonNullable: false }));

if (process.argv.includes("--check")) {
  const committed = await readFile(TYPES, "utf8").catch(() => "");
  if (committed !== types) {
    console.error("lib/api/schema.d.ts is not what contracts/openapi.json says. Run: npm run api:types");
    process.exit(1);
  }
  console.log("lib/api/schema.d.ts matches contracts/openapi.json");
} else {
  await writeFile(TYPES, types);
  console.log("wrote lib/api/schema.d.ts");
}
