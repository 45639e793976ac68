"use client";

import { useEffect, useRef, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Tabs } from "@/components/ui/tabs";

export type PanelTab = "transcript" | "stats";

interface SidePanelProps {
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  onClose: () => void;
  /** Over the stage instead of beside it: it takes the focus, and gives it back. */
  isSheet: boolean;
  transcript: ReactNode;
  stats: ReactNode;
  foot: ReactNode;
}

export function SidePanel({ tab, onTab, onClose, isSheet, transcript, stats, foot }: SidePanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isSheet) return;
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>("[role=tab][data-state=active]")?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [isSheet]);
  const close = (
    <Button
      variant="quiet"
      iconOnly
      size="sm"
      className="end panel-close"
      aria-label="Close panel"
      onClick={onClose}
    >
      <Icon name="close" />
    </Button>
  );
  // A sheet is not modal by name: the stage is inert by itself, and what is said in the call is still announced.
  return (
    <div
      ref={panel}
      className="side"
      aria-label="Transcript and stats"
      role={isSheet ? "dialog" : "complementary"}
    >
      <Tabs
        label="Transcript and stats"
        className="side-tabs"
        contentClassName="side-pane"
        value={tab}
        onValueChange={(value) => onTab(value === "stats" ? "stats" : "transcript")}
        aside={close}
        tabs={[
          { value: "transcript", label: "Transcript", content: transcript },
          { value: "stats", label: "Stats", content: stats },
        ]}
      />
      {tab === "transcript" && foot}
    </div>
  );
}
