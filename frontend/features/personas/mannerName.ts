/** "stop-words-only" as a person reads it: "Stop words only"; with ", adjusted" where it is off its preset. */
export function mannerName(manner: string, { adjusted }: { adjusted: boolean }): string {
  const words = manner.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1) + (adjusted ? ", adjusted" : "");
}
