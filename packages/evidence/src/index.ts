export { isUnusedAlone, readUnusedAlone } from "./forms/unused-list.ts";
export { parseOne } from "./json.ts";
export { type DocumentResult, readDocument } from "./policy-document.ts";
export { readEvidence } from "./read-evidence.ts";
export { MAX_TEXT_BYTES, decode } from "./text.ts";
