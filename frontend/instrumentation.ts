/** Runs once when the page's server starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { nameCallers } = await import("@/lib/forwardedFor");
    nameCallers();
  }
}
