import { outlinePath, shapeNamed } from "./shapes";

/** How much of the round ground the form takes. */
const FORM_SHARE = 0.58;

/** A persona's form on its round ground. The name stands beside it, so it says nothing by itself. */
export function PersonaShape({ shape, size }: { shape: string | undefined; size: number }) {
  const formSize = Math.round(size * FORM_SHARE);
  return (
    <span className="gl" style={{ width: size, height: size }}>
      <svg width={formSize} height={formSize} viewBox="-100 -100 200 200" aria-hidden="true">
        <path d={outlinePath(88, shapeNamed(shape))} fill="currentColor" />
      </svg>
    </span>
  );
}
