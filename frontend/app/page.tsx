import type { Metadata } from "next";

import { Brand } from "@/components/shell/Brand";
import { ThemeToggle } from "@/components/theme/ThemeToggle";
import { SkipLink } from "@/components/shell/SkipLink";
import { safeNextPath } from "@/features/auth/nextPath";
import { SignInForm } from "@/features/auth/SignInForm";
import { SignInPicture } from "@/features/auth/SignInPicture";

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ searchParams }: SignInPageProps): Promise<Metadata> {
  return { title: first((await searchParams).create) ? "Create an account" : "Sign in" };
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const query = await searchParams;
  const next = first(query.next);
  const isSignUp = Boolean(first(query.create));
  return (
    <>
      <SkipLink target="user">Skip to the form</SkipLink>
      <main className="signin" id="main">
        <div className="pane">
          <div className="signin-head">
            <span className="brand">
              <Brand size={24} />
            </span>
            <ThemeToggle />
          </div>
          <SignInForm
            key={isSignUp ? "sign-up" : "sign-in"}
            mode={isSignUp ? "sign-up" : "sign-in"}
            nextPath={safeNextPath(next)}
            otherHref={signInHref({ next, create: !isSignUp })}
            wasSignedOut={Boolean(first(query["signed-out"]))}
          />
        </div>
        <SignInPicture />
      </main>
    </>
  );
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function signInHref({ next, create }: { next: string | undefined; create: boolean }): string {
  const query = new URLSearchParams({ ...(create ? { create: "1" } : {}), ...(next ? { next } : {}) });
  return query.size ? `/?${query.toString()}` : "/";
}
