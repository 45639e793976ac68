import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, { version?: string; resolved?: string }>;
};
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

describe("package-lock.json", () => {
  it.each([
    "@next/swc-win32-x64-msvc",
    "@next/swc-darwin-arm64",
    "@tailwindcss/oxide-win32-x64-msvc",
    "@tailwindcss/oxide-darwin-arm64",
    "@rollup/rollup-win32-x64-msvc",
    "@rollup/rollup-darwin-arm64",
    "@unrs/resolver-binding-win32-x64-msvc",
    "@unrs/resolver-binding-darwin-arm64",
  ])("holds %s, so that the pages build on Windows and macOS too", (name) => {
    expect(lock.packages).toHaveProperty([`node_modules/${name}`]);
  });

  it("names no registry, so that it installs behind any mirror", () => {
    const resolved = Object.values(lock.packages).filter((entry) => entry.resolved?.startsWith("http"));
    expect(resolved).toEqual([]);
  });
});

describe("package.json", () => {
  it("pins every package to one version", () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
