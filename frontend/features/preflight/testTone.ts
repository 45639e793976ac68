/** Two soft notes, so that a person knows where the sound comes out. */

const NOTES_HZ = [523.25, 659.25];
const NOTE_SECONDS = 0.28;
const LOUDNESS = 0.16;

interface ContextWithSpeaker extends AudioContext {
  setSinkId: (deviceId: string) => Promise<void>;
}

/**
 * Plays on the chosen speaker (empty: the system's), and resolves when the notes are over. Call it from a click: browsers
 * play nothing before one.
 */
export async function playTestTone(speakerId: string): Promise<void> {
  const context = new AudioContext();
  if (speakerId && "setSinkId" in context) await (context as ContextWithSpeaker).setSinkId(speakerId);
  await context.resume();
  const ended = NOTES_HZ.map((hertz, index) =>
    playNote(context, hertz, context.currentTime + index * NOTE_SECONDS),
  );
  await Promise.all(ended);
  await context.close();
}

function playNote(context: AudioContext, hertz: number, at: number): Promise<void> {
  const note = new OscillatorNode(context, { frequency: hertz });
  const loudness = new GainNode(context, { gain: 0 });
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.03);
  loudness.gain.linearRampToValueAtTime(0, at + NOTE_SECONDS);
  note.connect(loudness).connect(context.destination);
  note.start(at);
  note.stop(at + NOTE_SECONDS);
  return new Promise((resolve) => note.addEventListener("ended", () => resolve(), { once: true }));
}
