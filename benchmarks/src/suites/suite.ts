import type { BenchCase } from "../measure/runner.ts";
import type { Figure } from "../measure/figures.ts";
import type { Workshop } from "./workshop.ts";

/** Cases that are measured in turn and stand in one table. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** Columns of its table, in order; the JSON has all figures. */
  readonly columns: readonly Figure[];
  readonly rounds: { readonly quick: number; readonly full: number };
  cases(workshop: Workshop): Promise<readonly BenchCase[]> | readonly BenchCase[];
}
