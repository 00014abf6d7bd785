import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const FEW_RUNS = fileURLToPath(new URL("packages/core/test/few-runs.ts", import.meta.url));

/** What a mutant of core has to get past: core's own tests, generated cases by the hundred instead of by the thousand. */
export default defineConfig({
  plugins: [
    {
      name: "few-runs",
      enforce: "pre",
      resolveId: (id, importer) => (id === "fast-check" && importer !== FEW_RUNS ? FEW_RUNS : undefined),
    },
  ],
  test: {
    include: ["packages/core/test/**/*.test.ts"],
    testTimeout: 60_000,
  },
});
