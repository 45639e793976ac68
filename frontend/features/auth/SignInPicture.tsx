import { StillFormMarks } from "@/features/personas/StillForm";
import { SHAPES } from "@/features/personas/shapes";

/** Two turns of one conversation: open while it is yours, solid while the persona speaks. */
export function SignInPicture() {
  return (
    <div className="art">
      <svg viewBox="-296 -215 592 430" aria-hidden="true">
        <g transform="translate(-118 0) scale(.86)">
          <StillFormMarks state="listening" shape={SHAPES.anselm} />
        </g>
        <g transform="translate(122 0) scale(.86)">
          <StillFormMarks state="speaking" shape={SHAPES.anselm} />
        </g>
      </svg>
      <p className="cap s13 t2 mt-5 flex gap-[22px]">
        <span className="row">
          <span className="pip you" />
          Open: your turn
        </span>
        <span className="row">
          <span className="pip them" />
          Solid: the persona speaks
        </span>
      </p>
    </div>
  );
}
