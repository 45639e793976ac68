"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import { LoadFailure } from "@/components/LoadFailure";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Loading } from "@/components/ui/skeleton";
import { counted } from "@/features/calls/callWords";
import { StillForm } from "@/features/personas/StillForm";
import { type InterviewSummary, interviewsQuery } from "@/lib/api/queries";

import { EVERYONE, InterviewerFilter } from "./InterviewerFilter";
import { InterviewsList } from "./InterviewsList";
import { scoredOf } from "./trend";
import { TrendChart } from "./TrendChart";

/** Every interview of this person, or those with one persona, newest first, and how the scores went. */
export function InterviewsPage() {
  const [interviewer, setInterviewer] = useState(EVERYONE);
  const all = useInterviews(EVERYONE);
  const query = useInterviews(interviewer);
  const pages = query.data?.pages ?? [];
  const items = itemsOf(query);
  const count = pages.at(-1)?.count ?? 0;
  return (
    <main className="page" id="main">
      <div className="pagehead">
        <div>
          <h1>Interviews</h1>
          {count > 0 && <p className="num">{counted(count, "interview")}.</p>}
        </div>
        <InterviewerFilter interviews={itemsOf(all)} value={interviewer} onValueChange={setInterviewer} />
      </div>
      <InterviewsContent items={items} query={query} />
    </main>
  );
}

const useInterviews = (interviewer: string) =>
  useInfiniteQuery(interviewsQuery(interviewer === EVERYONE ? null : interviewer));

const itemsOf = ({ data }: ReturnType<typeof useInterviews>): InterviewSummary[] =>
  data?.pages.flatMap((page) => page.items) ?? [];

interface InterviewsContentProps {
  items: readonly InterviewSummary[];
  query: ReturnType<typeof useInterviews>;
}

function InterviewsContent({ items, query }: InterviewsContentProps) {
  if (query.isPending) return <InterviewsSkeleton />;
  if (query.isError && items.length === 0) {
    return (
      <div className="card">
        <LoadFailure
          picture={<StillForm state="lost" shape="mira" size={96} />}
          title="Your interviews did not load"
          onTryAgain={() => void query.refetch()}
          isTrying={query.isRefetching}
        />
      </div>
    );
  }
  if (items.length === 0) return <NoInterviews />;
  return (
    <div className="stack gap-5">
      <TrendChart scores={scoredOf(items)} />
      <InterviewsList interviews={items} />
      {query.hasNextPage && (
        <div className="row justify-center">
          <Button
            onClick={() => void query.fetchNextPage()}
            busy={query.isFetchingNextPage ? "Loading more" : undefined}
          >
            Show older interviews
          </Button>
        </div>
      )}
    </div>
  );
}

function NoInterviews() {
  return (
    <div className="card">
      <Empty
        picture={<StillForm state="quiet" shape="mira" size={112} />}
        title="No interviews yet"
        action={
          <ButtonLink variant="primary" href="/dashboard">
            Choose an interviewer
          </ButtonLink>
        }
      >
        <p>After an interview you find its report here, with the reason for every point.</p>
      </Empty>
    </div>
  );
}

const SKELETON_ROWS = 4;

function InterviewsSkeleton() {
  return (
    <Loading label="Your interviews are loading">
      <div className="card">
        {Array.from({ length: SKELETON_ROWS }, (_, row) => (
          <div key={row} className="row h-16 gap-3 border-t border-line px-5 first:border-0">
            <span className="skel block size-9 rounded-full" />
            <span className="skel block w-1/3" />
            <span className="skel ml-auto block w-16" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
