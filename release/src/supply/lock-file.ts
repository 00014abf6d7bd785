/** A package as `package-lock.json` (version 3) has it. */
export interface LockedPackage {
  /** Where it lies: `node_modules/zod`, `packages/core`; the root is the empty text. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package's author gave it; null when there is none. */
  readonly licence: string | null;
  /** `sha512-…` of its tarball; null for our own, and for binaries of platforms that were not at hand (docs/decisions/0007). */
  readonly integrity: string | null;
  /** The address that it came from where that is not the registry, or null. */
  readonly source: string | null;
  /** The path that a link in `node_modules` leads to, or null. */
  readonly target: string | null;
  readonly hasInstallScript: boolean;
  /** May be missing: it is for one platform, or nothing needs it. */
  readonly isOptional: boolean;
  /** Names of what it needs when it runs, whether it can do without or not. */
  readonly needs: readonly string[];
}

/** All packages of a lock file by path, our own and the root among them. */
export type LockFile = ReadonlyMap<string, LockedPackage>;

/** What npm writes, as far as it is read. */
interface Entry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** @throws Error when it is no lock file of version 3 */
export function readLockFile(text: string): LockFile {
  const { lockfileVersion, packages } = JSON.parse(text) as {
    readonly lockfileVersion?: number;
    readonly packages?: Readonly<Record<string, Entry>>;
  }; // npm wrote it; what is missing is met below
  if (lockfileVersion !== 3 || packages === undefined) throw new Error("this is no package-lock.json of version 3");
  return new Map(Object.entries(packages).map(([path, entry]) => [path, lockedPackage(path, entry)]));
}

function lockedPackage(path: string, entry: Entry): LockedPackage {
  const isLink = entry.link === true;
  return {
    path,
    name: entry.name ?? nameOf(path),
    version: entry.version ?? "",
    licence: entry.license ?? null,
    integrity: entry.integrity ?? null,
    source: isLink ? null : (entry.resolved ?? null),
    target: isLink ? (entry.resolved ?? "") : null,
    hasInstallScript: entry.hasInstallScript === true,
    isOptional: entry.optional === true || entry.devOptional === true,
    needs: [...new Set([...Object.keys(entry.dependencies ?? {}), ...Object.keys(entry.optionalDependencies ?? {})])],
  };
}

/** Of `node_modules/a/node_modules/@scope/b` the last name, `@scope/b`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Whether it is installed from elsewhere: neither ours nor a link to ours. */
export function isForeign({ path, target }: LockedPackage): boolean {
  return target === null && (path.startsWith("node_modules/") || path.includes("/node_modules/"));
}
