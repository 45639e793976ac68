/** "−18 dBFS", with a true minus: how a level is written wherever one is shown. */
export function dbfsWords(dbfs: number): string {
  return `${Math.round(dbfs)} dBFS`.replace("-", "−");
}
