import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeEach, expect, it, vi } from "vitest";

import { readThemeChoice, saveThemeChoice } from "@/components/theme/theme";
import { ToastProvider } from "@/components/ui/toast";
import { AccountMenu } from "@/features/auth/AccountMenu";
import type { Me } from "@/lib/api/queries";

import { AccountThemeToggle } from "./AccountThemeToggle";

vi.setConfig({ testTimeout: 30_000 });

/** An account on a server: what is asked of it, and what it keeps. */
class Account {
  readonly changes: unknown[] = [];
  me: Me = {
    user: { username: "priya", display_name: "Priya Raman", is_staff: false },
    preferences: { recording: false, silence_duration_ms: null, theme: "dark" },
  };

  answer = async (request: Request | string | URL): Promise<Response> => {
    const address = request instanceof Request ? request.url : String(request);
    if (address.endsWith("/csrf/")) return Response.json({ csrf_token: "token" });
    if (request instanceof Request && request.method === "PATCH") {
      const change = (await request.json()) as Partial<Me["preferences"]>;
      this.changes.push(change);
      this.me = { ...this.me, preferences: { ...this.me.preferences, ...change } };
    }
    return Response.json(this.me);
  };
}

let account: Account;

beforeEach(() => {
  localStorage.clear();
  account = new Account();
  vi.stubGlobal("fetch", account.answer);
});

function show(children: ReactNode) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ToastProvider>{children}</ToastProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

it("the account's theme is worn where this device has no choice of its own", async () => {
  show(<AccountThemeToggle />);
  expect(await screen.findByRole("button", { name: "Theme: dark. Change" })).toBeVisible();
  expect(readThemeChoice()).toBe("dark");
});

it("this device's own choice stays, whatever the account says", async () => {
  saveThemeChoice("light");
  const asked = vi.fn(account.answer);
  vi.stubGlobal("fetch", asked);
  show(<AccountThemeToggle />);
  await waitFor(() => expect(asked).toHaveBeenCalled());
  expect(screen.getByRole("button", { name: "Theme: light. Change" })).toBeVisible();
});

it("a theme that is chosen is kept with the account", async () => {
  const user = show(<AccountThemeToggle />);
  await user.click(await screen.findByRole("button", { name: "Theme: dark. Change" }));
  expect(screen.getByRole("button", { name: "Theme: system. Change" })).toBeVisible();
  await waitFor(() => expect(account.changes).toEqual([{ theme: "system" }]));
});

it("more time before a pause ends the turn is chosen in the account menu, and given back there", async () => {
  const user = show(<AccountMenu />);
  await user.click(await screen.findByRole("button", { name: "Account: Priya Raman" }));
  const usual = screen.getByRole("menuitemradio", { name: "As the persona has it" });
  expect(usual).toBeChecked();
  await user.click(screen.getByRole("menuitemradio", { name: "More time: 6 s" }));
  await waitFor(() => expect(screen.getByRole("menuitemradio", { name: "More time: 6 s" })).toBeChecked());
  await user.click(usual);
  await waitFor(() => expect(usual).toBeChecked());
  expect(account.changes).toEqual([{ silence_duration_ms: 6_000 }, { silence_duration_ms: null }]);
});
