import type { ReactNode } from "react";

import { Icon } from "@/components/ui/icon";
import { dbfsWords } from "@/lib/dbfs";

import { clock, lastAnswered, qualityOf, replyTimes, seconds } from "../callMetrics";
import type { CallState } from "../callState";
import { summaryOf } from "../callOutcome";
import { questionWords, statusWords, type InterviewProgress } from "../interview";
import { browserSoundWords } from "../microphone";
import { STAND_INS } from "../standIns";
import { Waterfall } from "./Waterfall";

/** Numbers for whoever wonders why: replies, line, sound, and the events for developers. */
export function StatsPanel({ state }: { state: CallState }) {
  const last = lastAnswered(state.metrics);
  const { turnCount, interruptionCount } = summaryOf(state);
  return (
    <div className="log stats" tabIndex={0} role="region" aria-label="Stats">
      {state.interview && <Interview progress={state.interview} />}
      <section className="stack">
        <h2>Replies</h2>
        {last ? (
          <Waterfall metrics={last} title={`Last reply, turn ${Math.max(1, turnCount)}`} />
        ) : (
          <p className="s13 t2">The first reply’s times appear here.</p>
        )}
        <ReplyChart state={state} />
      </section>
      <section className="stack">
        <h2>Connection</h2>
        <Connection state={state} />
      </section>
      <section className="stack">
        <h2>Your sound</h2>
        <YourSound state={state} />
      </section>
      <section className="stack">
        <h2>Coming in</h2>
        <div className="statgrid">
          <Stat label="You took the floor" value={times(interruptionCount)} />
          {state.standIns.length > 0 && (
            <Stat
              label="Stand-ins"
              value={state.standIns.map((role) => STAND_INS[role] ?? role).join(", ")}
            />
          )}
        </div>
      </section>
      <Events state={state} />
    </div>
  );
}

/** Where it is. The points are for the report: nobody looks at them while speaking. */
function Interview({ progress }: { progress: InterviewProgress }) {
  return (
    <section className="stack">
      <h2>Interview</h2>
      <div className="statgrid">
        <Stat label={questionWords(progress)} value={statusWords(progress)} />
      </div>
    </section>
  );
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function Stat({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div>
      <span>{label}</span>
      <b className="num">{value}</b>
    </div>
  );
}

function Connection({ state: { network } }: { state: CallState }) {
  const ms = (value: number | null | undefined) => (value == null ? "–" : `${Math.round(value)} ms`);
  return (
    <div className="statgrid">
      <Stat label="Round trip" value={ms(network?.roundTripMs)} />
      <Stat label="Jitter" value={ms(network?.jitterMs)} />
      <Stat
        label="Lost packets"
        value={network?.lossPercent == null ? "–" : `${network.lossPercent.toFixed(1)} %`}
      />
      <Stat label="Quality" value={network ? qualityOf(network).word : "–"} />
    </div>
  );
}

/** Of the last turn that was spoken; and who removes the noise. */
function YourSound({ state: { metrics, microphone } }: { state: CallState }) {
  const last = metrics.findLast((turn) => turn.snr_db != null);
  const level = (dbfs: number | null | undefined) => (dbfs == null ? "–" : dbfsWords(dbfs));
  const words = microphone.kind === "open" ? browserSoundWords(microphone.settings) : null;
  return (
    <>
      <div className="statgrid">
        <Stat
          label="Above the room’s noise"
          value={last?.snr_db == null ? "–" : `${Math.round(last.snr_db)} dB`}
        />
        <Stat
          label="Clipped"
          value={last?.clipping_percent == null ? "–" : `${last.clipping_percent.toFixed(1)} %`}
        />
        <Stat label="Your level" value={level(last?.energy_dbfs)} />
        <Stat label="The room’s level" value={level(last?.noise_floor_dbfs)} />
      </div>
      {words && <p className="s13 t2">{words}</p>}
    </>
  );
}

const CHART = { left: 4, right: 290, top: 8, bottom: 44 };

function ReplyChart({ state }: { state: CallState }) {
  const replies = replyTimes(state.metrics);
  if (!replies || replies.latenciesMs.length < 2) return null;
  const { latenciesMs, medianMs, slowestMs } = replies;
  const step = (CHART.right - CHART.left) / (latenciesMs.length - 1);
  const y = (ms: number) => CHART.bottom - (ms / slowestMs) * (CHART.bottom - CHART.top);
  const points = latenciesMs.map(
    (ms, index) => `${(CHART.left + index * step).toFixed(1)} ${y(ms).toFixed(1)}`,
  );
  const words = `median ${seconds(medianMs)} · slowest ${seconds(slowestMs)}`;
  return (
    <figure className="stack reply-chart">
      <svg viewBox="0 0 300 52" width="100%" height="58" role="img" aria-label={`Reply latency: ${words}`}>
        <path
          d={`M${CHART.left} ${y(medianMs)}H${CHART.right}`}
          stroke="var(--line-2)"
          strokeDasharray="2 4"
        />
        <path
          d={`M${points.join("L")}`}
          fill="none"
          stroke="var(--text)"
          strokeWidth="1.75"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
        <circle cx={CHART.right} cy={y(latenciesMs.at(-1) ?? 0)} r="3.5" fill="var(--text)" />
      </svg>
      <figcaption className="row s12 t2">
        <span>{latenciesMs.length} turns</span>
        <span className="end num">{words}</span>
      </figcaption>
    </figure>
  );
}

function Events({ state: { events } }: { state: CallState }) {
  return (
    <details>
      <summary className="row w5 s13 back">
        <Icon name="forward" size="sm" />
        Events for developers
      </summary>
      <ol className="events mono">
        {events.map((event, index) => (
          <li key={index}>
            <time>{clock(event.at)}</time> {event.from} {event.what}
          </li>
        ))}
      </ol>
    </details>
  );
}
