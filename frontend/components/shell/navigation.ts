import type { IconName } from "@/components/ui/icon";

/** The places of the product, in the order of both bars. `owns`: whose pages light it up. */
export const PLACES: readonly { href: string; label: string; icon: IconName; owns: readonly string[] }[] = [
  { href: "/dashboard", label: "Talk", icon: "phone", owns: ["/dashboard", "/preflight"] },
  { href: "/calls", label: "Calls", icon: "speaker", owns: ["/calls"] },
  { href: "/interviews", label: "Interviews", icon: "page", owns: ["/interviews"] },
];

export function isAt(pathname: string, owns: readonly string[]): boolean {
  return owns.some((owned) => pathname === owned || pathname.startsWith(`${owned}/`));
}
