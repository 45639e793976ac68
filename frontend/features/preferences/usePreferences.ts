"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api/client";
import { unwrap } from "@/lib/api/errors";
import { meQuery, type PreferencesChange } from "@/lib/api/queries";

/** Changes what the person prefers; the page shows the server's answer. */
export function useSavePreferences() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: PreferencesChange) => unwrap(api.PATCH("/api/v1/me/preferences/", { body: change })),
    onSuccess: (me) => queryClient.setQueryData(meQuery.queryKey, me),
  });
}
