/** A document that may be moved elsewhere: what that saves here, and how many documents it makes there. */
interface Movable {
  readonly parts: number;
  readonly saves: number;
}

/**
 * Which documents are moved so that together they save enough and make the fewest documents elsewhere; of several such choices the one
 * that saves most. Exact, by dynamic programming over the number of documents: for each number the most that can be saved.
 *
 * @param most how many documents they may make
 * @returns those to move, in their order; undefined where it takes more than `most`. O(movable × most)
 */
export function fewestDocuments<T extends Movable>(
  movable: readonly T[],
  enough: number,
  most: number,
): readonly T[] | undefined {
  if (most < 0) return enough <= 0 ? [] : undefined;
  let best = Array.from({ length: most + 1 }, (): Moved<T> => ({ saved: 0, items: [] }));
  for (const item of movable) {
    best = best.map((without, documents) => {
      const before = best[documents - item.parts];
      if (before === undefined || before.saved + item.saves <= without.saved) return without;
      return { saved: before.saved + item.saves, items: [...before.items, item] };
    });
  }
  return best.find(({ saved }) => saved >= enough)?.items;
}

interface Moved<T> {
  readonly saved: number;
  readonly items: readonly T[];
}
