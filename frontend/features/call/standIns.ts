/** Which parts of the persona may be played by a stand-in, in words. */
export const STAND_INS: Record<string, string> = { stt: "recogniser", llm: "language model", tts: "voice" };
