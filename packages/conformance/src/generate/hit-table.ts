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
    return row(isFirst ? of : "", name, String(hits[place] ?? 0), `${share.toFixed(1)} %`, String(least));
  });
  return { text: [row("", "", "cases", "share", "least"), ...rows].join("\n"), tooRare };
}

function row(of: string, name: string, count: string, share: string, least: string): string {
  return [of.padEnd(18), name.padEnd(59), count.padStart(9), share.padStart(8), least.padStart(6)].join(" ");
}
