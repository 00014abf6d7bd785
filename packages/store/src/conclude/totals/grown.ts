/** The same array, or one of at least double its length that begins with it, so that a value can stand at that place. */
export function grown<T extends Int32Array | Uint16Array | Float64Array>(array: T, place: number): T {
  if (place < array.length) return array;
  const Larger = array.constructor as new (length: number) => T; // typed arrays are made by their length
  const larger = new Larger(Math.max(place + 1, 2 * array.length));
  larger.set(array);
  return larger;
}
