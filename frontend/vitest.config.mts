import path from "node:path";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    environment: "jsdom",
    setupFiles: ["./vitest.setup.ts"],
    include: ["{app,components,features,lib,tests}/**/*.test.{ts,tsx}", "middleware.test.ts"],
    restoreMocks: true,
    unstubGlobals: true,
    sequence: { shuffle: true },
  },
});
