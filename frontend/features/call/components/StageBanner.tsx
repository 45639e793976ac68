import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";

import type { CallState } from "../callState";
import type { ViewName } from "../callViews";
import { problemWords } from "../microphone";

interface StageBannerProps {
  state: CallState;
  view: ViewName;
  onUseMicrophone: () => void;
  onClose: () => void;
}

/** What a person should know now, above the form: one thing at a time, the most pressing first. */
export function StageBanner({ state, view, onUseMicrophone, onClose }: StageBannerProps) {
  const banner = bannerFor(state, view, onUseMicrophone, onClose);
  return banner && <div className="notice">{banner}</div>;
}

function bannerFor(state: CallState, view: ViewName, onUseMicrophone: () => void, onClose: () => void) {
  const { microphone, banner } = state;
  if (microphone.kind === "refused" && view !== "ended" && view !== "error") {
    const words = problemWords(microphone.problem);
    const isInCall = view !== "preflight";
    return (
      <Banner
        tone="bad"
        title={words.title}
        action={
          isInCall && (
            <Button size="sm" onClick={onUseMicrophone}>
              Try again
            </Button>
          )
        }
      >
        <p>{words.wayOut}</p>
        <p className="s13">{words.alsoTry}</p>
      </Banner>
    );
  }
  if (view === "micsilent" && microphone.kind === "open") {
    return (
      <Banner tone="warn" title="Your microphone is silent.">
        <p>“{microphone.label}” sends nothing. Is it muted on the device, or is another one in use?</p>
      </Banner>
    );
  }
  if (!banner) return null;
  return (
    <Banner
      tone={banner.tone}
      title={banner.title}
      action={
        <Button size="sm" variant="quiet" onClick={onClose}>
          Close
        </Button>
      }
    >
      {banner.detail && <p>{banner.detail}</p>}
    </Banner>
  );
}
