import type { GrantRow, OutcomeRows, UnitFailure, UnitRow } from "@leastwise/core";

/** An outcome in which the long texts are something else: `OutcomeRows` is `OutcomeOf<string>`. */
export interface OutcomeOf<T> {
  readonly units: readonly UnitOf<T>[];
  readonly grants: readonly { readonly document: number; readonly granted: GrantOf<T> }[];
}

type Answered = Extract<UnitRow, { ok: true }>;

type UnitOf<T> =
  | UnitFailure
  | (Omit<Answered, "changes" | "unknownActions" | "created"> & {
      readonly changes: T | null;
      readonly unknownActions: T | null;
      readonly created: { readonly text: T; readonly sha256: string; readonly granted: GrantOf<T> } | null;
    });

type GrantOf<T> = Omit<GrantRow, "intervals"> & { readonly intervals: T };

/** The same outcome with what `of` makes of each long text, always asked in the same order. */
export function withTexts(outcome: OutcomeRows, of: (text: string) => number): OutcomeOf<number>;
export function withTexts(outcome: OutcomeOf<number>, of: (text: number) => string): OutcomeRows;
export function withTexts<T, U>({ units, grants }: OutcomeOf<T>, of: (text: T) => U): OutcomeOf<U> {
  const orNull = (text: T | null): U | null => (text === null ? null : of(text));
  const granted = (grant: GrantOf<T>): GrantOf<U> => ({ ...grant, intervals: of(grant.intervals) });
  return {
    units: units.map((unit) => {
      if (!unit.ok) return unit;
      const { created } = unit;
      return {
        ...unit,
        changes: orNull(unit.changes),
        unknownActions: orNull(unit.unknownActions),
        created: created === null ? null : { ...created, text: of(created.text), granted: granted(created.granted) },
      };
    }),
    grants: grants.map((each) => ({ ...each, granted: granted(each.granted) })),
  };
}
