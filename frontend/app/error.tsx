"use client";

import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { StillForm } from "@/features/personas/StillForm";

/** A page broke while it was drawn. Next keeps the reason in the browser's console. */
export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="page" id="main" role="alert">
      <Empty
        level={1}
        picture={<StillForm state="lost" shape="anselm" size={112} />}
        title="This page broke"
        action={
          <Button variant="primary" onClick={reset}>
            Try again
          </Button>
        }
      >
        <p>Nothing is lost. If it happens again, load the page anew.</p>
      </Empty>
    </main>
  );
}
