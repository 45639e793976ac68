"use client";

import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";

import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

import { isSignedIn, signIn, type SignInOutcome, signUp } from "./allauth";

const WORDS = {
  "sign-in": {
    title: "Sign in",
    line: "Voice calls you can interrupt.",
    send: "Sign in",
    busy: "Signing in",
    otherQuestion: "New here?",
    other: "Create an account",
  },
  "sign-up": {
    title: "Create an account",
    line: "A name and a password, nothing else.",
    send: "Create account",
    busy: "Creating your account",
    otherQuestion: "Have an account?",
    other: "Sign in",
  },
} as const;

export type SignInMode = keyof typeof WORDS;

interface SignInFormProps {
  mode: SignInMode;
  /** Where to go afterwards; already known to be a path of this site. */
  nextPath: string;
  /** The same page in the other mode. */
  otherHref: string;
  /** The session was over: say so. */
  wasSignedOut: boolean;
}

export function SignInForm({ mode, nextPath, otherHref, wasSignedOut }: SignInFormProps) {
  const { outcome, isBusy, send } = useSignIn(mode, nextPath);
  const words = WORDS[mode];
  const fields = outcome?.kind === "refused" ? outcome.fields : {};

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void send({ username: String(form.get("username")).trim(), password: String(form.get("password")) });
  };

  return (
    <form onSubmit={onSubmit}>
      <div className="mb-4">
        <h1>{words.title}</h1>
        <p className="t2 mt-1 text-15">{words.line}</p>
      </div>
      <SignInNotice outcome={outcome} wasSignedOut={wasSignedOut} />
      <Field
        id="user"
        label="User name"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={150}
        required
        error={fields.username}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete={mode === "sign-in" ? "current-password" : "new-password"}
        required
        error={fields.password}
        hint={mode === "sign-up" ? "At least 8 characters, not only numbers." : undefined}
      />
      <Button
        variant="primary"
        size="lg"
        type="submit"
        className="mt-1"
        busy={isBusy ? words.busy : undefined}
      >
        {words.send}
      </Button>
      <p className="s13 t2 text-center">
        {words.otherQuestion}{" "}
        <Link className="link hit2" href={otherHref}>
          {words.other}
        </Link>
      </p>
    </form>
  );
}

function useSignIn(mode: SignInMode, nextPath: string) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [outcome, setOutcome] = useState<SignInOutcome | null>(null);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    void isSignedIn().then((isIn) => {
      if (isIn && isCurrent) router.replace(nextPath);
    });
    return () => {
      isCurrent = false;
    };
  }, [router, nextPath]);

  const send = async (credentials: { username: string; password: string }) => {
    setBusy(true);
    setOutcome(null);
    const answer = await (mode === "sign-in" ? signIn : signUp)(credentials);
    setOutcome(answer);
    if (answer.kind !== "signed-in") {
      setBusy(false);
      return;
    }
    // What the page knew belonged to whoever was here before. It stays busy until the next page is there.
    queryClient.clear();
    router.replace(nextPath);
  };
  return { outcome, isBusy, send };
}

function SignInNotice({ outcome, wasSignedOut }: { outcome: SignInOutcome | null; wasSignedOut: boolean }) {
  switch (outcome?.kind) {
    case "no-match":
      return (
        <Banner tone="bad" title="That did not match.">
          <p>Check the user name and the password.</p>
        </Banner>
      );
    case "too-many-tries":
      return (
        <Banner tone="bad" title="Too many tries.">
          <p>Wait 5 minutes.</p>
        </Banner>
      );
    case "no-answer":
      return (
        <Banner tone="bad" title="The server did not answer.">
          <p>Try again in a moment.</p>
        </Banner>
      );
    case "refused":
      return outcome.fields.username || outcome.fields.password ? null : (
        <Banner tone="bad" title="That did not work.">
          {outcome.message && <p>{outcome.message}</p>}
        </Banner>
      );
    default:
      return wasSignedOut && !outcome ? (
        <Banner title="You were signed out.">
          <p>Sign in to go on.</p>
        </Banner>
      ) : null;
  }
}
