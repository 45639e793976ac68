/** The examples that both sides' tests read: `contracts/interviews/*.json`. */

import { readFileSync } from "node:fs";
import path from "node:path";

import type { InterviewBody, InterviewSummary, PracticeBody } from "@/lib/api/queries";

const FOLDER = path.resolve(import.meta.dirname, "../../../../contracts/interviews");

function read<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), "utf8")) as T;
}

export const interviewExample = (name: "report" | "report.open" | "report.corrected") =>
  read<InterviewBody>(name);
export const listExample = () => read<{ items: InterviewSummary[]; count: number }>("list");
export const practiceExample = () => read<PracticeBody>("practice");
