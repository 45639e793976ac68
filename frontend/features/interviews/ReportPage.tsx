"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import { LoadFailure } from "@/components/LoadFailure";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Icon } from "@/components/ui/icon";
import { Loading } from "@/components/ui/skeleton";
import { PersonaShape } from "@/features/personas/PersonaShape";
import { StillForm } from "@/features/personas/StillForm";
import { usePersonaCards } from "@/features/personas/usePersonaCards";
import { ApiError } from "@/lib/api/errors";
import { type InterviewBody, interviewQuery } from "@/lib/api/queries";
import { formatDate, formatLength, formatTime } from "@/lib/times";

import { DeleteInterview } from "./DeleteInterview";
import { ExportMenu } from "./ExportMenu";
import { GoOn } from "./GoOn";
import { openUntilWords } from "./openUntil";
import { QuestionRow } from "./QuestionRow";
import { ReportSummary } from "./ReportSummary";
import { interviewSeconds, soundWords, STAGE_WORDS, STAGES, stageWords, standingWords } from "./reportWords";
import { SpeechCard } from "./SpeechCard";
import { scoredOfTrend } from "./trend";
import { TrendChart } from "./TrendChart";
import { useClip } from "./useClip";
import { usePrintOpen } from "./usePrintOpen";

/** One interview: what it came to, and for every point the words that it came from. */
export function ReportPage({ interviewId }: { interviewId: string }) {
  const interview = useQuery(interviewQuery(interviewId));
  return (
    <main className="report" id="main">
      <Link className="row s13 t2 back noprint inline-flex" href="/interviews">
        <Icon name="back" size="sm" />
        Interviews
      </Link>
      {interview.isPending && <ReportSkeleton />}
      {interview.isError && (
        <ReportFailed
          error={interview.error}
          onTryAgain={() => void interview.refetch()}
          isTrying={interview.isRefetching}
        />
      )}
      {interview.data && <Report interview={interview.data} />}
    </main>
  );
}

function Report({ interview }: { interview: InterviewBody }) {
  usePrintOpen();
  const silence = soundWords(interview);
  return (
    <>
      <ReportHead interview={interview} />
      {interview.is_open && <Unfinished interview={interview} />}
      <ReportSummary interview={interview} />
      {silence && <p className="s13 t2 noprint">{silence}</p>}
      <Questions interview={interview} />
      <SpeechCard interview={interview} />
      <TrendChart scores={scoredOfTrend(interview.trend)} />
    </>
  );
}

function ReportHead({ interview }: { interview: InterviewBody }) {
  const card = usePersonaCards().get(interview.persona);
  const startedAt = new Date(interview.started_at);
  return (
    <div className="pagehead">
      <div className="row gap-3.5">
        <PersonaShape shape={card?.shape} size={48} />
        <div>
          <h1>Interview report</h1>
          <p>
            {interview.candidate} with {interview.persona_name} · {formatDate(startedAt)},{" "}
            {formatTime(startedAt)} · <span className="num">{formatLength(interviewSeconds(interview))}</span>
          </p>
        </div>
      </div>
      <div className="row noprint">
        <Button onClick={() => window.print()}>
          <Icon name="printer" />
          Print
        </Button>
        <ExportMenu interviewId={interview.id} />
        <DeleteInterview interview={interview} />
      </div>
    </div>
  );
}

function Unfinished({ interview }: { interview: InterviewBody }) {
  return (
    <div className="banner noprint">
      <Icon name="information" />
      <div className="grow">
        <b>This interview is not over. {standingWords(interview)}.</b>
        <p>{openUntilWords(interview)}</p>
      </div>
      <GoOn interview={interview} size="sm" />
    </div>
  );
}

function Questions({ interview }: { interview: InterviewBody }) {
  const player = useClip();
  return STAGES.map((stage) => {
    const questions = interview.questions.filter((question) => question.stage === stage);
    const total = interview.stages.find((one) => one.stage === stage);
    if (questions.length === 0) return null;
    return (
      <section key={stage} aria-labelledby={`stage-${stage}`}>
        <div className="row stagehead">
          <h2 id={`stage-${stage}`}>{STAGE_WORDS[stage]}</h2>
          {total && <span className="t2 s13 end num">{stageWords(total)}</span>}
        </div>
        <div className="card qcard">
          {questions.map((question) => (
            <QuestionRow
              key={question.number}
              interviewId={interview.id}
              question={question}
              player={player}
            />
          ))}
        </div>
      </section>
    );
  });
}

interface ReportFailedProps {
  error: Error;
  onTryAgain: () => void;
  isTrying: boolean;
}

function ReportFailed({ error, onTryAgain, isTrying }: ReportFailedProps) {
  const picture = <StillForm state="lost" shape="mira" size={96} />;
  if (error instanceof ApiError && (error.isNotFound || error.status === 422)) {
    return (
      <div className="card">
        <Empty
          level={1}
          picture={picture}
          title="There is no such interview"
          action={<ButtonLink href="/interviews">All interviews</ButtonLink>}
        >
          <p>It may be deleted, or belong to another account.</p>
        </Empty>
      </div>
    );
  }
  return (
    <>
      <h1 className="vh">Interview report</h1>
      <div className="card">
        <LoadFailure
          picture={picture}
          title="This report did not load"
          onTryAgain={onTryAgain}
          isTrying={isTrying}
        />
      </div>
    </>
  );
}

const SKELETON_ROWS = 4;

function ReportSkeleton() {
  return (
    <>
      <h1 className="vh">Interview report</h1>
      <Loading label="The report is loading">
        <div className="stack gap-7">
          <div className="row gap-3.5">
            <span className="skel block size-12 rounded-full" />
            <span className="skel block h-7 w-52" />
          </div>
          <div className="card h-72" />
          <div className="card">
            {Array.from({ length: SKELETON_ROWS }, (_, row) => (
              <div key={row} className="qrow qhead">
                <span className="skel block" />
                <span className="skel block h-8" />
              </div>
            ))}
          </div>
        </div>
      </Loading>
    </>
  );
}
