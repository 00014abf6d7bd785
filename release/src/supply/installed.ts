import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A package as it lies in `node_modules`, in its own words. */
export interface InstalledPackage {
  /** From the root, as in the lock file. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  /** Runs something when it is installed: a script of its own, or node-gyp because of a `binding.gyp`. */
  readonly hasInstallScript: boolean;
}

/** What a package.json says, as far as it is read. Old ones give the licence as an object or a list. */
interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: unknown;
  readonly licenses?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
}

const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];

/** Every package in `node_modules` of the folder and in those of packages, but for links (our own). Sorted by path. */
export function installedPackages(root: string, folder = ""): readonly InstalledPackage[] {
  const modules = folder === "" ? "node_modules" : `${folder}/node_modules`;
  return packageFolders(root, modules).flatMap((path) => {
    const own = existsSync(join(root, path, "package.json")) ? [installedPackage(root, path)] : [];
    return own.concat(installedPackages(root, path));
  });
}

function packageFolders(root: string, modules: string): readonly string[] {
  if (!existsSync(join(root, modules))) return [];
  return readdirSync(join(root, modules), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => `${modules}/${name}`)
    .sort()
    .flatMap((path) => (path.startsWith(`${modules}/@`) ? scoped(root, path) : [path]));
}

function scoped(root: string, scope: string): readonly string[] {
  const entries = readdirSync(join(root, scope), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return names.sort().map((name) => `${scope}/${name}`);
}

function installedPackage(root: string, path: string): InstalledPackage {
  const manifest = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")) as Manifest; // npm has read it before
  const { name = "", version = "", scripts = {} } = manifest;
  return {
    path,
    name,
    version,
    licence: licenceOf(manifest),
    hasInstallScript: INSTALL_SCRIPTS.some((each) => each in scripts) || existsSync(join(root, path, "binding.gyp")),
  };
}

function licenceOf({ license, licenses }: Manifest): string | null {
  const given = Array.isArray(licenses) ? licenses : [license];
  const names = given.map((each: unknown) =>
    typeof each === "object" && each !== null && "type" in each ? each.type : each,
  );
  const texts = names.filter((each) => typeof each === "string");
  return texts.length === 0 ? null : texts.join(" OR ");
}
