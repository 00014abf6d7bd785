import { type Unused, unusedOf } from "@leastwise/core";
import type { Hearing } from "./hearing.ts";

/** Laws 6 and 8: asked again. */

/** Law 6: refining the result with the same U changes nothing. */
export function idempotent({ refiner, asked, answer }: Hearing): string | null {
  if (answer.policy === null) return null;
  const again = refiner.refine({ ...asked, policy: answer.policy });
  return again.recommendedAction === "NONE" ? null : `refined again it is ${JSON.stringify(again)}`;
}

/**
 * Law 8: the catalog in any order, U's services in any order, and U put together again from report lines in another order and
 * case give the same text. Threads, shards, files and interruptions are for `apps/batch`, whose tests run them.
 */
export function deterministic({ refiner, asked, answer }: Hearing): string | null {
  const text = JSON.stringify(answer);
  for (const [what, reordered] of ORDERS) {
    const variants = [
      { ...asked, catalog: reordered(asked.catalog) },
      { ...asked, unused: reordered(asked.unused) },
    ];
    for (const question of variants) {
      const other = JSON.stringify(refiner.refine(question));
      if (other !== text) return `with the catalog or U ${what} it is ${other}`;
    }
  }
  const other = JSON.stringify(refiner.refine({ ...asked, unused: reportedAgain(asked.unused) }));
  return other === text ? null : `with U reported in other lines it is ${other}`;
}

/** A few orders of anything, the same each time: a counterexample needs no seed to be asked again. */
const ORDERS: readonly (readonly [what: string, reordered: <T>(list: readonly T[]) => T[]])[] = [
  ["reversed", (list) => list.toReversed()],
  ["interleaved", (list) => [...list.filter((_, i) => i % 2 === 1), ...list.filter((_, i) => i % 2 === 0)]],
  ["sorted from the end", sortedFromTheEnd],
];

function sortedFromTheEnd<T>(list: readonly T[]): T[] {
  const keyed = list.map((item) => ({ item, key: JSON.stringify(item).split("").reverse().join("") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}

/** Services reported whole are taken over: what they except cannot be reported in lines. */
function reportedAgain(unused: Unused): Unused {
  const lines = unused.flatMap(({ service, whole, names }) =>
    whole ? [] : names.map((name) => ({ service: shouted(service), actions: [shouted(name)] })),
  );
  return [...unusedOf(lines.reverse()), ...unused.filter(({ whole }) => whole)].sort((a, b) =>
    a.service < b.service ? -1 : 1,
  );
}

function shouted(name: string): string {
  return name.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}
