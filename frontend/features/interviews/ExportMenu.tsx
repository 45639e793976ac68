"use client";

import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Menu, MenuDownload } from "@/components/ui/menu";

import { exportPath, EXPORTS } from "./paths";

export function ExportMenu({ interviewId }: { interviewId: string }) {
  return (
    <Menu
      label="Files of this report"
      trigger={
        <Button>
          <Icon name="download" />
          Export
          <Icon name="down" size="sm" />
        </Button>
      }
    >
      {EXPORTS.map(({ format, label }) => (
        <MenuDownload key={format} icon="page" href={exportPath(interviewId, format)}>
          {label}
        </MenuDownload>
      ))}
    </Menu>
  );
}
