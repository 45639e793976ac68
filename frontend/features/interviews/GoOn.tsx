import { ButtonLink } from "@/components/ui/button";
import { wishForCall } from "@/features/call/callWish";
import { callPath } from "@/features/personas/useStartCall";
import type { InterviewSummary } from "@/lib/api/queries";

interface GoOnProps {
  interview: Pick<InterviewSummary, "room_id" | "persona_name">;
  size?: "sm";
}

/** Back into the same room, where the interview goes on at the question at which it stopped. */
export function GoOn({ interview, size }: GoOnProps) {
  return (
    <ButtonLink
      size={size}
      href={callPath(interview.room_id)}
      onNavigate={() => wishForCall(interview.room_id)}
      aria-label={`Go on with the interview with ${interview.persona_name}`}
    >
      {size ? "Go on" : `Go on with ${interview.persona_name}`}
    </ButtonLink>
  );
}
