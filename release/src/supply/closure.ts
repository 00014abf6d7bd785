import type { LockFile, LockedPackage } from "./lock-file.ts";

/**
 * What runs with a package: itself and everything that it needs, and so on, optional ones too, each once, sorted by path. Links are
 * followed. `npm ls --omit=dev --all` gives the same, whereas `npm sbom --omit dev` leaves out what a development tool needs as well.
 *
 * O(packages × depth of the deepest).
 *
 * @throws Error when one that is needed is not in the lock file
 */
export function closureOf(lock: LockFile, root: string): readonly LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  const open = [entryAt(lock, root)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next.path)) continue;
    found.set(next.path, next);
    open.push(...needsOf(lock, next));
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The packages that one needs itself. @throws Error when one of them is not in the lock file */
export function needsOf(lock: LockFile, { path, needs }: LockedPackage): readonly LockedPackage[] {
  return needs.map((name) => resolved(lock, path, name));
}

/** The package that `name` means to one that lies at `from`: in its own `node_modules`, or in that of a folder further out. */
function resolved(lock: LockFile, from: string, name: string): LockedPackage {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/"), 0))) {
    const found = lock.get(folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`);
    if (found !== undefined) return found.target === null ? found : entryAt(lock, found.target);
    if (folder === "") throw new Error(`\`${from}\` needs \`${name}\`, which the lock file does not have`);
  }
}

function entryAt(lock: LockFile, path: string): LockedPackage {
  const found = lock.get(path);
  if (found === undefined) throw new Error(`the lock file does not have \`${path}\``);
  return found;
}
