/** The microphone check, on the way to a persona or by itself. */
export function preflightPath(personaSlug: string): string {
  return `/preflight?${new URLSearchParams({ persona: personaSlug }).toString()}`;
}
