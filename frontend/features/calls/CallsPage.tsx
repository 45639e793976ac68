"use client";

import { useInfiniteQuery } from "@tanstack/react-query";

import { LoadFailure } from "@/components/LoadFailure";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Loading } from "@/components/ui/skeleton";
import { StillForm } from "@/features/personas/StillForm";
import { type CallSummary, callsQuery } from "@/lib/api/queries";
import { formatRoughLength } from "@/lib/times";

import { CallsList } from "./CallsList";
import { CallsTable } from "./CallsTable";
import { counted } from "./callWords";

/** Every call that this person has made, newest first. */
export function CallsPage() {
  const { items, count, query } = useCalls();
  return (
    <main className="page" id="main">
      <div className="pagehead">
        <div>
          <h1>Calls</h1>
          {count > 0 && <p className="num">{countWords(count, items)}</p>}
        </div>
      </div>
      <CallsContent items={items} query={query} />
    </main>
  );
}

/** The length of all is said only where all are loaded. */
function countWords(count: number, items: readonly CallSummary[]): string {
  const words = counted(count, "call");
  if (items.length < count) return `${words}. The newest ${items.length} are shown.`;
  const seconds = items.reduce((sum, { duration_seconds: length }) => sum + length, 0);
  return `${words}, ${formatRoughLength(seconds)} of talking.`;
}

function useCalls() {
  const query = useInfiniteQuery(callsQuery);
  const pages = query.data?.pages ?? [];
  return { items: pages.flatMap((page) => page.items), count: pages.at(-1)?.count ?? 0, query };
}

function CallsContent({ items, query }: Pick<ReturnType<typeof useCalls>, "items" | "query">) {
  if (query.isPending) return <CallsSkeleton />;
  if (query.isError && items.length === 0) {
    return (
      <div className="card">
        <LoadFailure
          picture={<StillForm state="lost" shape="anselm" size={96} />}
          title="Your calls did not load"
          onTryAgain={() => void query.refetch()}
          isTrying={query.isRefetching}
        />
      </div>
    );
  }
  if (items.length === 0) return <NoCalls />;
  return (
    <>
      <CallsTable calls={items} />
      <CallsList calls={items} />
      {query.hasNextPage && (
        <div className="row mt-5 justify-center">
          <Button
            onClick={() => void query.fetchNextPage()}
            busy={query.isFetchingNextPage ? "Loading more" : undefined}
          >
            Show older calls
          </Button>
        </div>
      )}
    </>
  );
}

function NoCalls() {
  return (
    <div className="card">
      <Empty
        picture={<StillForm state="quiet" shape="anselm" size={112} />}
        title="No calls yet"
        action={
          <ButtonLink variant="primary" href="/dashboard">
            Choose a persona
          </ButtonLink>
        }
      >
        <p>After a call you find its transcript and how fast each answer came here.</p>
      </Empty>
    </div>
  );
}

const SKELETON_ROWS = 5;

function CallsSkeleton() {
  return (
    <Loading label="Your calls are loading">
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
