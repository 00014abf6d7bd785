import { FEATURES } from "./features.ts";

/** The table of how often each feature was hit, and those that were hit too rarely. `hits` goes by the places in `FEATURES`. */
export function hitTable(
  hits: readonly number[],
  count: number,
): { readonly text: string; readonly tooRare: readonly string[] } {
  const tooRare: string[] = [];
  const rows = FEATURES.map(({ group: of, name, least }, place) => {
    const share = count === 0 ? 0 : (100 * (hits[place] ?? 0)) / count;
    if (share < least) tooRare.push(`${of}: ${name}`);
    const isFirst = FEATURES[place - 1]?.group !== of;
    return [
      (isFirst ? of : "").padEnd(18),
      name.padEnd(59),
      String(hits[place] ?? 0).padStart(9),
      `${share.toFixed(1)} %`.padStart(8),
      `${least}`.padStart(6),
    ].join(" ");
  });
  const head = ["", "", "cases", "share", "least"];
  const first = [
    head[0]!.padEnd(18),
    head[1]!.padEnd(59),
    head[2]!.padStart(9),
    head[3]!.padStart(8),
    head[4]!.padStart(6),
  ].join(" ");
  return { text: [first, ...rows].join("\n"), tooRare };
}
