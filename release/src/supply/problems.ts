import { closureOf } from "./closure.ts";
import type { InstalledPackage } from "./installed.ts";
import { type LockFile, isForeign } from "./lock-file.ts";
import {
  BUILD_LICENCES,
  MAY_BE_WEAK_COPYLEFT,
  MAY_RUN_AT_INSTALL,
  REFUSED_AT_INSTALL,
  RUN_TIME_LICENCES,
  WEAK_COPYLEFT,
} from "./policy.ts";
import { isMetBy } from "./spdx.ts";

/** What is known of the packages that a checkout is built from. */
export interface Supply {
  readonly lock: LockFile;
  /** What lies in `node_modules`; empty before an installation, when the lock file alone is looked at. */
  readonly installed: readonly InstalledPackage[];
  /** The paths of the packages that are handed over, whose needs are the run time: the program, and the page that it shows. */
  readonly handedOver: readonly string[];
  /** `allowScripts` of the root's package.json: what npm itself lets run and refuses. */
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

/** What is wrong with the supply, in one line each, by place; empty when nothing is. */
export function supplyProblems(supply: Supply): readonly string[] {
  return [
    ...licenceProblems(supply),
    ...installScriptProblems(supply),
    ...originProblems(supply),
    ...strangers(supply),
  ];
}

/** Licences outside the list, in what authors told the registry and in what they wrote into their packages. */
function licenceProblems({ lock, installed, handedOver }: Supply): readonly string[] {
  const runTime = new Set(handedOver.flatMap((each) => closureOf(lock, each)).map(({ path }) => path));
  const weak = weakCopyleftTools(lock);
  const build = new Set([...BUILD_LICENCES, ...WEAK_COPYLEFT]);
  const wrong = [...[...lock.values()].filter(isForeign), ...installed].flatMap(({ path, name, version, licence }) => {
    const isRunTime = runTime.has(path);
    const allowed = isRunTime ? RUN_TIME_LICENCES : weak.has(name) ? build : BUILD_LICENCES;
    if (licence !== null && isMetBy(licence, allowed)) return [];
    const said = licence === null ? "names no licence" : `has the licence \`${licence}\``;
    return [`${path}: ${name} ${version} ${said}, which is not allowed ${isRunTime ? "at run time" : "here"}`];
  });
  return [...new Set(wrong)];
}

/** Names of the tools of the list and of what these need, which are their binaries for each platform. */
function weakCopyleftTools(lock: LockFile): ReadonlySet<string> {
  const tools = [...lock.values()].filter(({ name }) => MAY_BE_WEAK_COPYLEFT.has(name));
  return new Set([...tools.map(({ name }) => name), ...tools.flatMap(({ needs }) => needs)]);
}

/** Programs that run when packages are installed, other than those that may or are refused; and what of these lists nothing meets any more. */
function installScriptProblems({ lock, installed, allowScripts }: Supply): readonly string[] {
  const withScripts = [...lock.values(), ...installed].filter(({ hasInstallScript }) => hasInstallScript);
  const wrong = withScripts
    .filter(({ name }) => !MAY_RUN_AT_INSTALL.has(name) && !REFUSED_AT_INSTALL.has(name))
    .map(({ path, name, version }) => `${path}: ${name} ${version} has an install script`);
  const listed = new Map([
    ...Array.from(MAY_RUN_AT_INSTALL, (name) => [name, true] as const),
    ...Array.from(REFUSED_AT_INSTALL, (name) => [name, false] as const),
  ]);
  const idle = [...listed]
    .filter(([name]) => !withScripts.some((each) => each.name === name))
    .map(([name, may]) => `${name} ${may ? "may run" : "is refused"} an install script and has none`);
  const unlike = [...new Set([...Object.keys(allowScripts), ...listed.keys()])]
    .filter((name) => allowScripts[name] !== listed.get(name))
    .map((name) => `package.json: \`allowScripts\` and the list of the check differ in ${name}`);
  return [...new Set([...wrong, ...idle, ...unlike])];
}

/** What does not come from the registry, or has no hash though every machine installs it. */
function originProblems({ lock }: Supply): readonly string[] {
  const foreign = [...lock.values()].filter(isForeign);
  const elsewhere = foreign.filter(({ source }) => source !== null);
  const unknown = foreign.filter(({ integrity, isOptional }) => integrity === null && !isOptional);
  return [
    ...elsewhere.map(({ path, source }) => `${path}: comes from \`${source}\`, not from the registry`),
    ...unknown.map(({ path }) => `${path}: has no integrity hash`),
  ];
}

/** What is installed and not in the lock file, or in another version. */
function strangers({ lock, installed }: Supply): readonly string[] {
  return installed.flatMap(({ path, name, version }) => {
    const locked = lock.get(path);
    if (locked === undefined) return [`${path}: ${name} ${version} is installed and not in the lock file`];
    return locked.version === version ? [] : [`${path}: ${version} is installed, ${locked.version} is locked`];
  });
}
