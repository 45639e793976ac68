import type { ReactNode } from "react";

import { SkipLink } from "@/components/shell/SkipLink";
import { TabBar } from "@/components/shell/TabBar";
import { TopBar } from "@/components/shell/TopBar";
import { AccountMenu } from "@/features/auth/AccountMenu";
import { AccountThemeToggle } from "@/features/preferences/AccountThemeToggle";

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SkipLink />
      <TopBar
        account={
          <>
            <AccountThemeToggle />
            <AccountMenu />
          </>
        }
      />
      {children}
      <TabBar />
    </>
  );
}
