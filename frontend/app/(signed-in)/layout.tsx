import type { ReactNode } from "react";

import { SkipLink } from "@/components/shell/SkipLink";
import { TabBar } from "@/components/shell/TabBar";
import { TopBar } from "@/components/shell/TopBar";
import { AccountMenu } from "@/features/auth/AccountMenu";

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SkipLink />
      <TopBar account={<AccountMenu />} />
      {children}
      <TabBar />
    </>
  );
}
