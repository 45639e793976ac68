import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Icon } from "@/components/ui/icon";

interface LoadFailureProps {
  picture?: ReactNode;
  /** "The personas did not load" */
  title: string;
  onTryAgain: () => void;
  isTrying: boolean;
}

/** Stands where something did not load. Nothing is lost, and the way on is one button. */
export function LoadFailure({ picture, title, onTryAgain, isTrying }: LoadFailureProps) {
  return (
    <div role="alert">
      <Empty
        picture={picture}
        title={title}
        action={
          <Button onClick={onTryAgain} busy={isTrying ? "Trying again" : undefined}>
            <Icon name="refresh" />
            Try again
          </Button>
        }
      >
        <p>Nothing is lost.</p>
      </Empty>
    </div>
  );
}
