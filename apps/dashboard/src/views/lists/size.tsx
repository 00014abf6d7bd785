import type { RecommendationRow } from "@leastwise/api";
import { count } from "../../text/numbers.ts";
import { fitWords } from "../words.ts";

/** Characters, marked where that is too many. */
export function Size({ size, fit }: { readonly size: number; readonly fit: RecommendationRow["fit"] }) {
  if (fit === null || fit === "fits") return <>{count(size)}</>;
  return (
    <span class="unknown-text" title={fitWords(fit)}>
      {count(size)} <span aria-hidden="true">{fit === "split" ? "÷" : "!"}</span>
      <span class="visually-hidden">{fitWords(fit)}</span>
    </span>
  );
}
