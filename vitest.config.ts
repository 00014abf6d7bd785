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
    hookTimeout: 60_000, // a folder of thousands of files goes slowly on a busy machine
    maxWorkers: "100%", // one a core; vitest itself would leave a core free, which of two is half
  },
});
