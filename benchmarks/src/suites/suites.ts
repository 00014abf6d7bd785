import { CORE_SUITE } from "./core.ts";
import { EQUAL_SUITE, EVIDENCE_SUITE, SIZE_SUITE, THREADS_SUITE, UNIFORM_SUITE } from "./end-to-end.ts";
import { INCREMENTAL_SUITE } from "./incremental.ts";
import { QUESTIONS_SUITE } from "./questions.ts";
import { SHARDS_SUITE } from "./shards.ts";
import { STARTUP_SUITE } from "./startup.ts";
import type { Suite } from "./suite.ts";

/** In the order in which they are run, written and shown. */
export const SUITES: readonly Suite[] = [
  STARTUP_SUITE,
  CORE_SUITE,
  UNIFORM_SUITE,
  SIZE_SUITE,
  THREADS_SUITE,
  SHARDS_SUITE,
  EQUAL_SUITE,
  EVIDENCE_SUITE,
  INCREMENTAL_SUITE,
  QUESTIONS_SUITE,
];
