import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "benchmarks/test/**/*.test.ts",
      "release/test/**/*.test.ts",
    ],
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 20 } }, // what a browser is about to show, on a busy machine
    hookTimeout: 60_000, // a folder of thousands of files goes slowly on a busy machine
    maxWorkers: "100%", // one a core; vitest itself would leave a core free, which of two is half
  },
});
