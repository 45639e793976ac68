"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { type PersonaCard, personasQuery } from "@/lib/api/queries";

const NONE: readonly PersonaCard[] = [];

/** The personas by slug, for a page that knows a persona's slug and would show its form. Empty until they are there. */
export function usePersonaCards(): ReadonlyMap<string, PersonaCard> {
  const personas = useQuery(personasQuery).data ?? NONE;
  return useMemo(() => new Map(personas.map((persona) => [persona.slug, persona])), [personas]);
}
