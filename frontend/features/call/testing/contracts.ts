/** The examples that both sides' tests read: `contracts/signalling/{client,server}/*.json`. */

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import type { ServerMessage } from "../signaling";

const FOLDER = path.resolve(import.meta.dirname, "../../../../contracts/signalling");

export interface Example {
  name: string;
  raw: string;
  message: Record<string, unknown> & { type: string };
}

const read = new Map<string, Example[]>();

export function examples(side: "client" | "server"): Example[] {
  const known = read.get(side) ?? readExamples(path.join(FOLDER, side));
  read.set(side, known);
  return known;
}

function readExamples(folder: string): Example[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => {
      const raw = readFileSync(path.join(folder, file), "utf8");
      return { name: file.replace(/\.json$/, ""), raw, message: JSON.parse(raw) as Example["message"] };
    });
}

/** One message of the server, with some fields of its own. */
export function serverExample<T extends ServerMessage["type"]>(
  name: string,
  fields: Record<string, unknown> = {},
): Extract<ServerMessage, { type: T }> {
  const example = examples("server").find((one) => one.name === name);
  if (!example) throw new Error(`contracts/signalling/server/${name}.json is missing`);
  return { ...example.message, ...fields } as unknown as Extract<ServerMessage, { type: T }>;
}
