"use client";

import { memo, useLayoutEffect, useRef, useState, type UIEvent } from "react";

import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";

import type { Murmur } from "../bargeIn";
import { clock } from "../callMetrics";
import type { Line } from "../callState";
import { splitHeard } from "../heardText";
import { CutWords } from "./CutWords";
import { MurmurMark } from "./MurmurMark";

interface TranscriptPanelProps {
  lines: readonly Line[];
  /** What the user said over a reply that took no floor. */
  murmurs: readonly Murmur[];
  personaName: string;
  language: string | undefined;
  /** The user has the floor: their words come when the turn ends. */
  isUsersTurn: boolean;
  /** How far the line in the air has come. */
  spokenUpto: number | null;
}

const AT_THE_END_PX = 48;

/** What was said, to read. It announces nothing: `Spoken` does, whether this is open or not. */
export const TranscriptPanel = memo(function TranscriptPanel(props: TranscriptPanelProps) {
  const { lines, murmurs, personaName, language, isUsersTurn, spokenUpto } = props;
  const log = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const jump = () => log.current?.scrollTo({ top: log.current.scrollHeight });
  // The button goes with the jump: who pressed it reads on where it led.
  const jumpAndRead = () => {
    jump();
    log.current?.focus();
  };
  useLayoutEffect(() => {
    if (isAtEnd) jump();
  }, [lines, murmurs, isUsersTurn, isAtEnd]);
  const onScroll = ({ currentTarget: box }: UIEvent<HTMLDivElement>) =>
    setIsAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < AT_THE_END_PX);
  return (
    <div className="logwrap">
      <div
        ref={log}
        className="log"
        role="log"
        aria-live="off"
        aria-label="Transcript"
        tabIndex={0}
        lang={language}
        onScroll={onScroll}
      >
        <div className="bottom" />
        {lines.length === 0 && !isUsersTurn && <p className="s13 t2">What is said appears here.</p>}
        {lines.map((line) => (
          <TranscriptLine
            key={`${line.id}:${line.final}`}
            line={line}
            murmurs={murmurs.filter(({ turnId }) => isOver(line, turnId))}
            personaName={personaName}
            spokenUpto={line.final ? null : spokenUpto}
          />
        ))}
        {isUsersTurn && (
          <div className="line you" aria-hidden="true">
            <div className="by">
              <span className="pip" />
              You
              <time>now</time>
            </div>
            <p className="tx t2">Your words appear here when your turn ends.</p>
          </div>
        )}
      </div>
      {!isAtEnd && (
        <Button size="sm" className="latest" onClick={jumpAndRead}>
          <Icon name="down" size="sm" />
          Jump to latest
        </Button>
      )}
    </div>
  );
});

const isOver = ({ role, turnId }: Line, reply: string | null) =>
  role === "assistant" && turnId !== null && turnId === reply;

interface TranscriptLineProps {
  line: Line;
  murmurs: readonly Murmur[];
  personaName: string;
  spokenUpto: number | null;
}

function TranscriptLine({ line, murmurs, personaName, spokenUpto }: TranscriptLineProps) {
  const isUser = line.role === "user";
  const { heard, unheard } = splitHeard(line.text, line.interrupted ? line.heardUpto : null);
  const inTheAir = splitHeard(line.text, spokenUpto);
  return (
    <div className={isUser ? "line you" : "line them"} aria-hidden={line.final ? undefined : true}>
      <div className="by">
        <span className="pip" />
        {isUser ? "You" : personaName}
        <time className="num">{clock(line.atMs)}</time>
      </div>
      <p className="tx">
        {line.final ? (
          <CutWords heard={heard} unheard={unheard} />
        ) : (
          <>
            {inTheAir.heard}
            <span className="t3">{inTheAir.unheard}</span>
          </>
        )}
      </p>
      <MurmurMark murmurs={murmurs} personaName={personaName} />
      {line.final && unheard.trim() !== "" && (
        <span className="cutnote" aria-hidden="true">
          You came in here
        </span>
      )}
    </div>
  );
}
