import { classNames } from "@/lib/classNames";

import type { Caption as CaptionWords } from "../captions";
import { CutWords } from "./CutWords";

/** The words under the form. The transcript announces them; here they are only for the eye. */
export function Caption({
  caption,
  language,
}: {
  caption: CaptionWords | null;
  language: string | undefined;
}) {
  return (
    <p className={classNames("caption", caption?.isQuiet && "quiet")} lang={language}>
      {caption?.lead && <span className="lead">{caption.lead}</span>}
      {caption?.isCut ? (
        <CutWords heard={caption.heard} unheard={caption.unheard} />
      ) : (
        <>
          {caption?.heard}
          {caption?.unheard && <span className="next">{caption.unheard}</span>}
        </>
      )}
      {caption?.hint && (
        <span className="also">
          <b className="w6">Hint</b>&ensp;{caption.hint}
        </span>
      )}
    </p>
  );
}
