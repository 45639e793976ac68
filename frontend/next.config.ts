import type { NextConfig } from "next";

// No usage figures leave this machine.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/** Where the page's server finds the back end. Read when the pages are built: the rewrites keep it. */
const backendUrl = (process.env.BACKEND_URL || "http://localhost:8000").replace(/\/+$/, "");
/** Where the browser finds the WebSocket. Empty: the page's own origin. */
const apiUrl = process.env.NEXT_PUBLIC_API_URL ?? "http://localhost:8000";

function contentSecurityPolicy(): string {
  const socketUrl = apiUrl.replace(/^http/, "ws");
  // `next dev` evaluates its modules; production code is only ever loaded from our own files.
  const evaluation = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${evaluation}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    ["connect-src 'self'", apiUrl, socketUrl].filter(Boolean).join(" "),
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const securityHeaders = [
  { key: "Content-Security-Policy", value: contentSecurityPolicy() },
  { key: "Permissions-Policy", value: "microphone=(self), camera=(), geolocation=(), payment=()" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
];

const config: NextConfig = {
  // The development server has no badge over the pages: its errors are in the terminal and in the overlay.
  devIndicators: false,
  output: "standalone",
  outputFileTracingRoot: __dirname,
  turbopack: { root: __dirname },
  poweredByHeader: false,
  reactStrictMode: true,
  // Django's paths end in a slash and a redirected POST loses its body, so slashes pass as they come.
  skipTrailingSlashRedirect: true,
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
  rewrites: async () =>
    ["api", "_allauth"].flatMap((prefix) => [
      { source: `/${prefix}/:path*/`, destination: `${backendUrl}/${prefix}/:path*/` },
      { source: `/${prefix}/:path*`, destination: `${backendUrl}/${prefix}/:path*` },
    ]),
};

export default config;
