import { ACCESS } from "./about-access.ts";
import { CHANGES } from "./about-changes.ts";
import { EVIDENCE } from "./about-evidence.ts";
import { SHARING } from "./about-sharing.ts";
import { SIZES } from "./about-sizes.ts";
import type { Question } from "./question.ts";

/** In the order in which `leastwise query --list` shows them. */
export const QUESTIONS: readonly Question[] = [...CHANGES, ...SIZES, ...ACCESS, ...EVIDENCE, ...SHARING];
