// Inter with its alternate letters for Latin; the other scripts come from the second package, when a page needs them.
import "inter-ui/inter-variable-latin.css";
import "@fontsource-variable/inter";
import "./globals.css";

import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

import { Providers } from "@/components/Providers";
import { THEME_SCRIPT } from "@/components/theme/theme";

export const metadata: Metadata = {
  title: { default: "Parley", template: "%s · Parley" },
  description: "Voice calls you can interrupt.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8faf9" },
    { media: "(prefers-color-scheme: dark)", color: "#0b100f" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme is written on <html> before React arrives.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
