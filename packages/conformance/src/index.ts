export { type GeneratedCase, generateCase } from "./generate.ts";
export { type ReferenceResult, referenceRefine } from "./reference.ts";
