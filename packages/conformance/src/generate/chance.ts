import * as fc from "fast-check";

/** True in one of `count`; shrinks to false. */
export function oneIn(count: number): fc.Arbitrary<boolean> {
  return fc.nat({ max: count - 1 }).map((drawn) => drawn === count - 1);
}

/** A value in one of `count`, else null; shrinks to null. */
export function rarely<T>(count: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: count - 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary },
  );
}
