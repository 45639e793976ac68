/** Where do an interview's pages and files live? */

export const interviewPath = (interviewId: string) => `/interviews/${encodeURIComponent(interviewId)}`;

export const EXPORTS = [
  { format: "markdown", label: "Markdown, to read" },
  { format: "json", label: "JSON, everything" },
  { format: "webvtt", label: "WebVTT, what was said" },
] as const;

export type ExportFormat = (typeof EXPORTS)[number]["format"];

export function exportPath(interviewId: string, format: ExportFormat): string {
  return `/api/v1/interviews/${encodeURIComponent(interviewId)}/export/?format=${format}`;
}
