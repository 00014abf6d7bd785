import { afterEach, expect, test, vi } from "vitest";
import { isInstalled } from "./is-installed.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("what is there is there, whether it is required or not", () => {
  vi.stubEnv("LEASTWISE_REQUIRE", "node");
  expect(isInstalled("node", process.execPath, "anything")).toBe(true);
});

test("what is missing is skipped loudly, unless it is required by its whole name", () => {
  const said = vi.spyOn(console, "warn").mockReturnValue();
  vi.stubEnv("LEASTWISE_REQUIRE", "redis,chromium-too");
  expect(isInstalled("chromium", "/nowhere/chromium", "the page")).toBe(false);
  expect(said.mock.calls).toEqual([["SKIPPED: /nowhere/chromium is not installed, so nothing of the page is tested"]]);
  vi.stubEnv("LEASTWISE_REQUIRE", "redis,chromium");
  expect(() => isInstalled("chromium", "/nowhere/chromium", "the page")).toThrow("LEASTWISE_REQUIRE asks for chromium");
});
