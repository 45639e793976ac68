/** Puts marks on the screen: keeps a path for each and writes only what differs from the frame before. */

import type { Mark } from "../voiceForm";

const SVG = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string>;

export class MarkPainter {
  readonly #paths: { element: SVGPathElement; shown: Attributes }[] = [];

  constructor(
    private readonly layer: SVGGElement,
    /** Prefix of the drawing's clip paths and its hatch. */
    private readonly id: string,
  ) {
    layer.replaceChildren();
  }

  /** The layer in front, or the one that fades away with its last picture. */
  show(isFront: boolean): void {
    this.layer.dataset.shown = String(isFront);
  }

  paint(marks: readonly Mark[]): void {
    marks.forEach((mark, index) => this.#write(index, attributesOf(mark, this.id)));
    for (const { element } of this.#paths.splice(marks.length)) element.remove();
  }

  #write(index: number, wanted: Attributes): void {
    const path = this.#paths[index] ?? this.#add();
    for (const [name, value] of Object.entries(wanted)) {
      if (path.shown[name] !== value) path.element.setAttribute(name, value);
    }
    for (const name of Object.keys(path.shown)) if (!(name in wanted)) path.element.removeAttribute(name);
    path.shown = wanted;
  }

  #add(): { element: SVGPathElement; shown: Attributes } {
    const path = { element: document.createElementNS(SVG, "path"), shown: {} };
    this.layer.append(path.element);
    this.#paths.push(path);
    return path;
  }
}

function attributesOf(mark: Mark, id: string): Attributes {
  const attributes: Attributes = { d: mark.d, fill: fillOf(mark.fill, id) };
  if (mark.fillOpacity !== undefined) attributes["fill-opacity"] = mark.fillOpacity.toFixed(2);
  if (mark.stroke) {
    attributes.stroke = `var(--${mark.stroke})`;
    attributes["stroke-width"] = (mark.strokeWidth ?? 1).toFixed(2);
    attributes["stroke-opacity"] = (mark.strokeOpacity ?? 1).toFixed(2);
    attributes["stroke-linecap"] = "round";
    attributes["stroke-linejoin"] = "round";
  }
  if (mark.dash) attributes["stroke-dasharray"] = mark.dash;
  if (mark.transform) attributes.transform = mark.transform;
  if (mark.half) attributes["clip-path"] = `url(#${id}-${mark.half})`;
  return attributes;
}

function fillOf(fill: Mark["fill"], id: string): string {
  if (!fill) return "none";
  return fill === "hatch" ? `url(#${id}-hatch)` : `var(--${fill})`;
}
