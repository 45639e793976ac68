/** Which words of a reply have been heard, which sentence is in the air, and what was asked last? */

/** The server counts characters as code points; a JavaScript string counts UTF-16 units. */
export interface HeardSplit {
  heard: string;
  unheard: string;
}

/** Cut `text` where the sound stopped. Without a position everything was heard. */
export function splitHeard(text: string, heardUpto: number | null | undefined): HeardSplit {
  if (heardUpto == null) return { heard: text, unheard: "" };
  const characters = Array.from(text);
  return { heard: characters.slice(0, heardUpto).join(""), unheard: characters.slice(heardUpto).join("") };
}

/** Sentences with their trailing spaces; joined again they are the text. */
export function sentencesOf(text: string, language = "en"): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** About three lines at 54 characters. */
export const CAPTION_CHARACTERS = 170;

/** Whole sentences in blocks of at most `CAPTION_CHARACTERS`; a longer sentence is a block of its own. */
function captionBlocks(text: string, language: string): string[] {
  const blocks: string[] = [];
  for (const sentence of sentencesOf(text, language)) {
    const last = blocks.at(-1);
    if (last !== undefined && last.length + sentence.length <= CAPTION_CHARACTERS) {
      blocks[blocks.length - 1] = last + sentence;
    } else {
      blocks.push(sentence);
    }
  }
  return blocks;
}

/** The block in which the heard position lies, cut there. The last one where no position is known. */
export function captionInTheAir(
  text: string,
  heardUpto: number | null | undefined,
  language = "en",
): HeardSplit {
  const blocks = captionBlocks(text, language);
  if (heardUpto == null) return { heard: blocks.at(-1) ?? "", unheard: "" };
  let start = 0;
  for (const [index, block] of blocks.entries()) {
    const length = Array.from(block).length;
    if (heardUpto < start + length || index === blocks.length - 1) {
      return splitHeard(block, Math.max(0, heardUpto - start));
    }
    start += length;
  }
  return { heard: "", unheard: "" };
}

export interface LastWords {
  /** `asked` where the words end in a question mark. */
  manner: "asked" | "said";
  words: string;
}

/** The last sentence of what was heard: it stands under the form while the user talks. */
export function lastWords(
  text: string,
  heardUpto: number | null | undefined,
  language = "en",
): LastWords | null {
  const words = sentencesOf(splitHeard(text, heardUpto).heard.trim(), language).at(-1)?.trim();
  if (!words) return null;
  return { manner: /[?？]["'”’)]*$/.test(words) ? "asked" : "said", words };
}
