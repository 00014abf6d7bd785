/** One of the sets that a cover may be made of. */
export interface Choice {
  /** Its place in the list that was asked about: of two that are otherwise alike the lower is taken. */
  readonly id: number;
  /** A positive whole number. */
  readonly cost: number;
  /** The elements it covers, each once. */
  readonly covers: readonly number[];
}

/** What is to be covered, and by what. */
export interface Instance {
  readonly elements: readonly number[];
  /** Ascending by id; each covers elements of this instance only, and at least one. */
  readonly choices: readonly Choice[];
}

export function costOf(choices: readonly Choice[]): number {
  return choices.reduce((total, { cost }) => total + cost, 0);
}

/** For each element (by number, below `bound`) the places in `choices` of those that cover it. O(covers). */
export function byElement(choices: readonly Choice[], bound: number): readonly (readonly number[])[] {
  const lists: number[][] = Array.from({ length: bound }, () => []);
  choices.forEach(({ covers }, place) => {
    for (const element of covers) lists[element]!.push(place); // elements are below the bound
  });
  return lists;
}

/** One more than the highest element. */
export function boundOf({ elements }: Instance): number {
  return elements.reduce((most, element) => Math.max(most, element + 1), 0);
}

/** What is left to do when the elements that `isDone` knows are covered. */
export function without({ elements, choices }: Instance, isDone: (element: number) => boolean): Instance {
  return {
    elements: elements.filter((element) => !isDone(element)),
    choices: choices.flatMap((choice) => {
      const covers = choice.covers.filter((element) => !isDone(element));
      if (covers.length === 0) return [];
      return [covers.length === choice.covers.length ? choice : { ...choice, covers }];
    }),
  };
}
