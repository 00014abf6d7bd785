import { realpathSync } from "node:fs";
import { type Part, explained, openPart, plannedContent, shareText } from "@leastwise/store";
import { EXIT, Failure } from "../exit-code.ts";
import type { Progress } from "../progress.ts";
import { ENGINE_VERSION, VERSION } from "../version.ts";
import { refuseOtherJob } from "./same-job.ts";

/** Parts of one job, in the order of their shares. */
export interface OpenParts {
  /** The one that was named first, with which a new merged database begins. */
  readonly first: Part;
  readonly parts: readonly Part[];
  /** What all of them have planned, as `plannedContent` says. */
  readonly content: ReadonlyMap<string, string>;
}

/**
 * Opens the parts of a run for reading, and refuses what is no part, what is there twice, and what is of another job.
 *
 * @throws Failure, or StoreError as `openPart`
 */
export function openParts(paths: readonly string[], target: string, progress: Progress): OpenParts {
  refuseTwice(paths, target);
  const parts: Part[] = [];
  try {
    progress.enter("comparing", "parts", paths.length, 0);
    for (const path of paths) parts.push(openPart(path));
    const [first] = parts;
    if (first === undefined) throw new Failure(EXIT.usage, "there is no part to merge", "name the parts of a run");
    refuseOtherVersion(first);
    refuseOtherCounts(first, parts);
    const content = readable(first, () => plannedContent(first.db, first.run.runId));
    progress.advance(1, 0);
    for (const other of parts.slice(1)) {
      readable(other, () => refuseOtherJob({ ...first, content }, other));
      progress.advance(1, 0);
    }
    return { first, parts: [...parts].sort((a, b) => a.share.number - b.share.number), content };
  } catch (error) {
    for (const { db } of parts) db.close();
    throw error;
  }
}

/** SQLite's own errors name no file. */
export function readable<T>({ path }: Pick<Part, "path">, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw explained(error, path);
  }
}

function refuseTwice(paths: readonly string[], target: string): void {
  const seen = new Map<string, string>();
  const own = realPath(target);
  for (const path of paths) {
    const real = realPath(path);
    if (real === own)
      throw new Failure(
        EXIT.usage,
        `\`${path}\` is a part and cannot be what they are merged into`,
        "name another file with --db",
      );
    const before = seen.get(real);
    if (before !== undefined)
      throw new Failure(
        EXIT.usage,
        `\`${path}\` is there twice${before === path ? "" : `, as \`${before}\` too`}`,
        "name each part once",
      );
    seen.set(real, path);
  }
}

/** What is open would be refined, and all is checked, by this program. */
function refuseOtherVersion({ path, run: { toolVersion, engineVersion } }: Part): void {
  if (toolVersion === VERSION && engineVersion === ENGINE_VERSION) return;
  throw new Failure(
    EXIT.usage,
    `\`${path}\` was made by Leastwise ${toolVersion}, engine ${engineVersion}; this is ${VERSION}, engine ${ENGINE_VERSION}`,
    "merge with the version that has made the parts, or make them again with this one",
  );
}

function refuseOtherCounts(first: Part, parts: readonly Part[]): void {
  const byShare = new Map<number, Part>();
  for (const part of parts) {
    if (part.share.of !== first.share.of)
      throw new Failure(
        EXIT.usage,
        `\`${part.path}\` is share ${shareText(part.share)}, \`${first.path}\` is share ${shareText(first.share)}`,
        "all shares of a run are out of the same number",
      );
    const other = byShare.get(part.share.number);
    if (other !== undefined)
      throw new Failure(
        EXIT.usage,
        `share ${shareText(part.share)} is there twice: \`${other.path}\` and \`${part.path}\``,
        "leave one of them away",
      );
    byShare.set(part.share.number, part);
  }
}

/** As it is told where there is no such file, which opening it says. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
