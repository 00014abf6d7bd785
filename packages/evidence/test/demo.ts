import { readdirSync } from "node:fs";

const DEMO = new URL("../../../test-data/orgs/demo/", import.meta.url);

/** The demo organization's input files whose path inside it starts so, in order of their names. */
export function filesOf(start: string): readonly URL[] {
  return readdirSync(DEMO, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.startsWith(start) && /\.(?:jsonl?|gz)$/.test(path))
    .sort()
    .map((path) => new URL(path, DEMO));
}
