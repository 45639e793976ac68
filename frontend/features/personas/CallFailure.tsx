import { Banner } from "@/components/ui/banner";

import type { CallFailureWords } from "./useStartCall";

/** Why there is no call, where the person looks after pressing Call. */
export function CallFailure({
  failure,
  className,
}: {
  failure: CallFailureWords | null;
  className?: string;
}) {
  return (
    failure && (
      <Banner tone="bad" title={failure.title} className={className}>
        <p>{failure.line}</p>
      </Banner>
    )
  );
}
