import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { wishForCall } from "@/features/call/callWish";
import { callPath } from "@/features/personas/useStartCall";
import type { CallSummary } from "@/lib/api/queries";

import { isOpen, wasCutOff } from "./callWords";

/** What is special about a call: it goes on, or it broke off. Most calls say nothing here. */
export function CallState({ call }: { call: CallSummary }) {
  if (isOpen(call)) {
    return (
      <ButtonLink
        size="sm"
        href={callPath(call.room_id)}
        onNavigate={() => wishForCall(call.room_id)}
        aria-label={`Go back to the call with ${call.persona_name}`}
      >
        Go back
      </ButtonLink>
    );
  }
  if (wasCutOff(call)) {
    return (
      <Badge tone="warn" icon="alert">
        Cut off
      </Badge>
    );
  }
  return null;
}
