"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

import { Brand } from "./Brand";
import { isAt, PLACES } from "./navigation";

/** The bar above every page but a call. */
export function TopBar({ account }: { account: ReactNode }) {
  const pathname = usePathname();
  return (
    <header className="top">
      <Link className="brand" href="/dashboard">
        <Brand />
      </Link>
      <nav className="nav" aria-label="Main">
        {PLACES.map(({ href, label, owns }) => (
          <Link key={href} href={href} aria-current={isAt(pathname, owns) ? "page" : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      <div className="row end">{account}</div>
    </header>
  );
}
