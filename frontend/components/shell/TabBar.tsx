"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

import { Icon } from "@/components/ui/icon";

import { isAt, PLACES } from "./navigation";

/** The same places within a thumb's reach, under 768 px. The microphone check has buttons of its own there. */
export function TabBar() {
  const pathname = usePathname();
  if (pathname.startsWith("/preflight")) return null;
  return (
    <nav className="tabbar" aria-label="Main">
      {PLACES.map(({ href, label, icon, owns }) => (
        <Link key={href} href={href} aria-current={isAt(pathname, owns) ? "page" : undefined}>
          <Icon name={icon} size="lg" />
          {label}
        </Link>
      ))}
    </nav>
  );
}
