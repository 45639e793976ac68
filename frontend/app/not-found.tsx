import type { Metadata } from "next";

import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { StillForm } from "@/features/personas/StillForm";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="page" id="main">
      <Empty
        level={1}
        picture={<StillForm state="lost" shape="anselm" size={112} />}
        title="There is nothing here"
        action={
          <ButtonLink variant="primary" href="/dashboard">
            Back to Talk
          </ButtonLink>
        }
      >
        <p>The address may be mistyped, or what stood here was deleted.</p>
      </Empty>
    </main>
  );
}
