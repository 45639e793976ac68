"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";

import { FocusOnNavigation } from "@/components/shell/FocusOnNavigation";
import { ToastProvider } from "@/components/ui/toast";
import { signInPath } from "@/features/auth/nextPath";
import { ApiError } from "@/lib/api/errors";

const FRESH_MS = 15_000;
const MAX_RETRIES = 2;

/** What every page stands on: what is known of the server, and the short messages. */
export function Providers({ children }: { children: ReactNode }) {
  const goToSignIn = useGoToSignIn();
  const [queryClient] = useState(() => makeQueryClient(() => goToSignIn.current()));
  return (
    <QueryClientProvider client={queryClient}>
      <FocusOnNavigation />
      <ToastProvider>{children}</ToastProvider>
    </QueryClientProvider>
  );
}

function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.isNotSignedIn) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { staleTime: FRESH_MS, retry: isWorthAnotherTry } },
  });
}

/** A refusal is final; silence and a server in trouble are asked again. */
function isWorthAnotherTry(failureCount: number, error: Error): boolean {
  const isRefusal = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !isRefusal && failureCount < MAX_RETRIES;
}

/**
 * A function that leads to sign in and back to the present page; in a ref, because the page changes under it. Several
 * questions of one page may be answered 401: only the first one leads away.
 */
function useGoToSignIn() {
  const router = useRouter();
  const pathname = usePathname();
  const go = useRef<() => void>(() => undefined);
  useEffect(() => {
    let isLeaving = pathname === "/";
    go.current = () => {
      if (isLeaving) return;
      isLeaving = true;
      router.replace(signInPath(pathname + window.location.search, { signedOut: true }));
    };
  }, [router, pathname]);
  return go;
}
