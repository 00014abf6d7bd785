/**
 * Works on items side by side and gives the results in the order of the items. At most `width` items are taken and not yet given,
 * so memory is bounded whatever the source holds; the first failure ends it.
 */
export async function* mapInOrder<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<{ readonly item: T; readonly result: R }> {
  const open: { readonly item: T; readonly result: Promise<R> }[] = [];
  for (const item of items) {
    const result = work(item);
    result.catch(() => undefined); // it is awaited in its turn; until then a rejection must not count as unhandled
    open.push({ item, result });
    if (open.length >= width) yield await next(open);
  }
  while (open.length > 0) yield await next(open);
}

async function next<T, R>(open: { readonly item: T; readonly result: Promise<R> }[]): Promise<{ item: T; result: R }> {
  const { item, result } = open.shift()!; // only called while something is open
  return { item, result: await result };
}
