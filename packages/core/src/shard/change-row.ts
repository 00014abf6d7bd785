import type { Change } from "../refine/policy.ts";

/** A change as it is stored, in a JSON list of a unit's changes. */
export type ChangeRow = readonly [
  statement: number,
  element: Change["element"],
  entry: string | null,
  ...replacedBy: string[],
];

export function changeRow({ statement, element, entry, replacedBy }: Change): ChangeRow {
  return [statement, element, entry, ...replacedBy];
}

export function changeOf([statement, element, entry, ...replacedBy]: ChangeRow): Change {
  return { statement, element, entry, replacedBy };
}
