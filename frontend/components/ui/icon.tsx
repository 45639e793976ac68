import type { ReactNode } from "react";

import { classNames } from "@/lib/classNames";

/** Line drawings on a 20 by 20 grid, drawn in the colour of the text around them. */
const DRAWINGS = {
  phone: (
    <path d="M5 3h2.2c.4 0 .8.3.9.7l.7 2.6c.1.4 0 .8-.3 1L7.2 8.6a9.5 9.5 0 0 0 4.2 4.2l1.3-1.3c.3-.3.7-.4 1-.3l2.6.7c.4.1.7.5.7.9V15a2 2 0 0 1-2 2A12 12 0 0 1 3 5a2 2 0 0 1 2-2Z" />
  ),
  hangUp: (
    <path d="M2.6 12.2c-.5-.5-.5-1.3 0-1.9a10.6 10.6 0 0 1 14.8 0c.5.6.5 1.4 0 1.9l-1 1a1.2 1.2 0 0 1-1.5.1l-1.9-1.3a1.2 1.2 0 0 1-.5-1v-1a9 9 0 0 0-5 0v1c0 .4-.2.8-.5 1l-1.9 1.3a1.2 1.2 0 0 1-1.5-.1z" />
  ),
  microphone: (
    <>
      <rect x="7" y="2.5" width="6" height="9.5" rx="3" />
      <path d="M4.5 9.5a5.5 5.5 0 0 0 11 0M10 15v2.5" />
    </>
  ),
  microphoneOff: (
    <path d="M13 8.5v-3a3 3 0 0 0-5.8-1M7 8v1.5a3 3 0 0 0 4.6 2.5M4.5 9.5a5.5 5.5 0 0 0 9 4.2M15.5 9.5c0 .8-.2 1.6-.5 2.3M10 15v2.5M3 3l14 14" />
  ),
  speaker: <path d="M3.5 8v4h2.7l3.8 3V5L6.2 8zM13 7.5a3.5 3.5 0 0 1 0 5M15.3 5.3a6.6 6.6 0 0 1 0 9.4" />,
  keyboard: (
    <>
      <rect x="2.5" y="5" width="15" height="10" rx="2" />
      <path d="M6 8.2h0M9 8.2h0M12 8.2h0M14.4 8.2h0M6.5 11.8h7" />
    </>
  ),
  text: <path d="M4 5.5h12M4 10h12M4 14.5h7" />,
  chart: <path d="M4 16V10.5M8 16V6M12 16v-4M16 16V4" />,
  more: <path d="M4.5 10h0M10 10h0M15.5 10h0" strokeWidth="2.4" />,
  check: <path d="M4.5 10.5l3.8 3.8L15.5 6.5" />,
  clock: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 6v4l2.6 1.8" />
    </>
  ),
  stop: <rect x="5" y="5" width="10" height="10" rx="2.4" />,
  alert: <path d="M10 3.2 17.4 16H2.6L10 3.2ZM10 8.2v3.6M10 13.8h0" />,
  information: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 9.3V13.4M10 6.8h0" />
    </>
  ),
  refresh: <path d="M16 10a6 6 0 1 1-1.8-4.3M16 3.2v3h-3" />,
  gear: (
    <>
      <circle cx="10" cy="10" r="2.4" />
      <path d="M10 3v1.8M10 15.2V17M3 10h1.8M15.2 10H17M5 5l1.3 1.3M13.7 13.7 15 15M15 5l-1.3 1.3M6.3 13.7 5 15" />
    </>
  ),
  network: <path d="M3 8a10 10 0 0 1 14 0M5.7 11a6.2 6.2 0 0 1 8.6 0M8.3 13.8a2.5 2.5 0 0 1 3.4 0" />,
  sun: (
    <>
      <circle cx="10" cy="10" r="3.2" />
      <path d="M10 2.6v1.6M10 15.8v1.6M2.6 10h1.6M15.8 10h1.6M4.8 4.8l1.1 1.1M14.1 14.1l1.1 1.1M15.2 4.8l-1.1 1.1M5.9 14.1l-1.1 1.1" />
    </>
  ),
  moon: <path d="M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3Z" />,
  screen: (
    <>
      <rect x="2.8" y="4" width="14.4" height="9.6" rx="2" />
      <path d="M7.5 16.5h5M10 13.6v2.9" />
    </>
  ),
  close: <path d="M5.5 5.5l9 9M14.5 5.5l-9 9" />,
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  minus: <path d="M5 10h10" />,
  play: <path d="M6.5 4.2v11.6L15.5 10z" fill="currentColor" />,
  back: <path d="M12 5.5 7.5 10l4.5 4.5" />,
  forward: <path d="M8 5.5l4.5 4.5L8 14.5" />,
  down: <path d="M5.5 8l4.5 4.5L14.5 8" />,
  swap: <path d="M4 7.5h11M12 4.5l3 3-3 3M16 12.5H5M8 9.5l-3 3 3 3" />,
  printer: (
    <path d="M6 7.5V3.5h8v4M6 14H4.5A1.5 1.5 0 0 1 3 12.5V9a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 9v3.5a1.5 1.5 0 0 1-1.5 1.5H14M6.5 12h7v4.5h-7z" />
  ),
  download: <path d="M10 3.5v9M6.2 9l3.8 3.7L13.8 9M4 16.5h12" />,
  bin: <path d="M4 5.8h12M8 5.5V3.8h4v1.7M5.6 5.8l.7 10.4h7.4l.7-10.4" />,
  lock: (
    <>
      <rect x="4.5" y="9" width="11" height="7.5" rx="2" />
      <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
    </>
  ),
  page: <path d="M6 3.5h8a1.5 1.5 0 0 1 1.5 1.5v12H4.5V5A1.5 1.5 0 0 1 6 3.5ZM7.5 8h5M7.5 11.5h5" />,
  people: (
    <>
      <circle cx="8" cy="7" r="3" />
      <path d="M2.8 16c.4-2.8 2.5-4.4 5.2-4.4s4.8 1.6 5.2 4.4M13 4.4a2.8 2.8 0 0 1 0 5.2M14.6 12c1.5.6 2.4 2 2.7 4" />
    </>
  ),
  signOut: (
    <path d="M8 3.5H5.5A1.5 1.5 0 0 0 4 5v10a1.5 1.5 0 0 0 1.5 1.5H8M12.5 6.5 16 10l-3.5 3.5M16 10H8" />
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

/** A drawing beside words. It says nothing by itself: give the control around it a name. */
export function Icon({ name, size, className }: { name: IconName; size?: "sm" | "lg"; className?: string }) {
  return (
    <svg className={classNames("i", size, className)} viewBox="0 0 20 20" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  );
}
