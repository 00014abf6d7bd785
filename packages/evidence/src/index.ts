export { readUnusedAlone } from "./forms/unused-list.ts";
export { type DocumentResult, readDocument } from "./policy-document.ts";
export { readEvidence } from "./read-evidence.ts";
export { MAX_TEXT_BYTES, decode } from "./text.ts";
