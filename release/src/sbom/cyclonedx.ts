import { closureOf, needsOf } from "../supply/closure.ts";
import type { LockFile, LockedPackage } from "../supply/lock-file.ts";

/** A bill of materials in CycloneDX 1.5, as far as it is written here. */
export interface Bill {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.5";
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  /** Sorted by place in `node_modules`. */
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly "bom-ref": string;
  readonly type: "application" | "library" | "data";
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  /** Optional is what may be missing: binaries for single platforms. */
  readonly scope?: "required" | "optional";
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly ({ readonly license: { readonly id: string } } | { readonly expression: string })[];
  readonly purl: string;
}

/** What is inside the program without being installed. Paths of packages. */
export interface Inside {
  /** Ours whose code is bundled with that of all that they need. */
  readonly bundled: readonly string[];
  readonly data: readonly string[];
}

/**
 * What the program is made of: our packages, everything that is installed with it on any platform, what is bundled into its page, and the
 * data that its catalog was built from. From the lock file alone, so it needs no network, and the same commit gives the same bytes: no serial number, no date.
 */
export function billOf(lock: LockFile, program: string, { bundled, data }: Inside): Bill {
  const closures = [program, ...bundled].flatMap((path) => closureOf(lock, path));
  const all = [...new Set(closures)].sort((a, b) => (a.path < b.path ? -1 : 1));
  const root = all.find(({ path }) => path === program);
  const sources = data.map((path) => lock.get(path));
  if (root === undefined || sources.includes(undefined)) throw new Error("the lock file lacks the program or its data");
  const embedded = sources.filter((each) => each !== undefined);
  const parts = all.filter((each) => each !== root);
  const inside = parts.filter(({ path }) => bundled.includes(path));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: component(root, "application") },
    components: [
      ...eachOnce(parts).map((each) => component(each, "library")),
      ...embedded.map((each) => component(each, "data")),
    ],
    dependencies: eachOnce(all).map((each) => ({
      ref: reference(each),
      dependsOn: [...new Set([...needsOf(lock, each), ...(each === root ? inside : [])].map(reference))].sort(),
    })),
  };
}

/** The same version may lie in two places; it is one thing all the same. */
function eachOnce(packages: readonly LockedPackage[]): readonly LockedPackage[] {
  return [...new Map(packages.map((each) => [reference(each), each])).values()];
}

function component(part: LockedPackage, type: Component["type"]): Component {
  const [group, name] = part.name.startsWith("@") ? part.name.split("/") : [undefined, part.name];
  return {
    "bom-ref": reference(part),
    type,
    ...(group === undefined ? {} : { group }),
    name: name ?? part.name,
    version: part.version,
    ...(type === "library" ? { scope: part.isOptional ? "optional" : "required" } : {}),
    ...(part.integrity === null ? {} : { hashes: hashesOf(part.integrity) }),
    licenses: [licenceOf(part)],
    purl: reference(part),
  };
}

/** Its package URL, which names it whatever folder it lies in. */
function reference({ name, version }: LockedPackage): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** A hash of the registry's tarball, `sha512-` and base64, in hexadecimal digits. */
function hashesOf(integrity: string): readonly { readonly alg: string; readonly content: string }[] {
  return integrity.split(" ").map((hash) => {
    const [algorithm = "", base64 = ""] = hash.split(/-(.*)/s);
    const alg = algorithm.toUpperCase().replace("SHA", "SHA-");
    return { alg, content: Buffer.from(base64, "base64").toString("hex") };
  });
}

/** A single licence has an id; several make an expression. */
function licenceOf({ licence }: LockedPackage): Component["licenses"][number] {
  const given = licence ?? "NOASSERTION";
  return licence !== null && /^[\w.+-]+$/.test(given) ? { license: { id: given } } : { expression: given };
}
