/** How loud is the microphone now? A stream and the graph that measures it, opened together and closed together. */

const SILENCE_DBFS = -96;
const FFT_SIZE = 2_048;

export class MicrophoneLevel {
  private readonly samples = new Float32Array(FFT_SIZE);

  private constructor(
    private readonly stream: MediaStream,
    private readonly context: AudioContext,
    private readonly analyser: AnalyserNode,
  ) {}

  /** Asks for the microphone. Rejects with the browser's own error. Call it from a click: the graph needs one to run. */
  static async open(constraints: MediaStreamConstraints): Promise<MicrophoneLevel> {
    const context = new AudioContext();
    try {
      const stream = await mediaDevices().getUserMedia(constraints);
      const analyser = context.createAnalyser();
      analyser.fftSize = FFT_SIZE;
      context.createMediaStreamSource(stream).connect(analyser);
      await context.resume();
      return new MicrophoneLevel(stream, context, analyser);
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  /** The microphone that was opened. */
  get deviceId(): string | null {
    return this.stream.getAudioTracks()[0]?.getSettings().deviceId ?? null;
  }

  /** The level of the last 40 ms or so, in dBFS. */
  read(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    return levelDbfs(this.samples);
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close();
  }
}

/** Root mean square in dB to full scale; -96 for silence. */
export function levelDbfs(samples: Float32Array): number {
  const meanSquare = samples.reduce((sum, sample) => sum + sample * sample, 0) / (samples.length || 1);
  return meanSquare > 0 ? Math.max(SILENCE_DBFS, 10 * Math.log10(meanSquare)) : SILENCE_DBFS;
}

/** Absent on plain http: reported as the security error that it is. */
export function mediaDevices(): MediaDevices {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new DOMException("No microphone on an insecure address", "SecurityError");
  return devices;
}
