import { DOCUMENT_OPERATORS } from "./document-operators.ts";
import { ENTRY_OPERATORS } from "./entry-operators.ts";
import { FORM_OPERATORS } from "./form-operators.ts";
import { KEPT_OPERATORS } from "./kept-operators.ts";
import type { Operator } from "./operator.ts";
import { SHAPE_OPERATORS } from "./shape-operators.ts";
import { SPELLING_OPERATORS } from "./spelling-operators.ts";
import { STATEMENT_OPERATORS } from "./statement-operators.ts";

/** Every way to go wrong that the verifier is tried with. Names are distinct. */
export const OPERATORS: readonly Operator[] = [
  ...ENTRY_OPERATORS,
  ...SPELLING_OPERATORS,
  ...STATEMENT_OPERATORS,
  ...DOCUMENT_OPERATORS,
  ...SHAPE_OPERATORS,
  ...KEPT_OPERATORS,
  ...FORM_OPERATORS,
];
