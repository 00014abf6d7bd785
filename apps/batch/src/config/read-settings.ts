import { lstatSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  DEFAULT_LIMITS,
  DEFAULT_SETTINGS,
  DEFAULT_SHORTEST,
  type PlanSettings,
  type SizeLimits,
  type Windows,
} from "@leastwise/core";
import { decode, parseOne, quoted } from "@leastwise/evidence";
import { EXIT, Failure } from "../exit-code.ts";
import { isFileOrFolder } from "../file-or-folder.ts";
import { wordWrapped } from "../format/wrap.ts";
import { reasonOf } from "../reason.ts";
import { type Config, type ConfigProblem, readConfig } from "./config-shape.ts";
import type { Flags, Settings } from "./settings.ts";

/** What a configuration file is called that is read without being named. */
export const CONFIG_FILE = "leastwise.config.json";

const COLUMNS = 80;

/**
 * The settings of a run: those of the configuration file (the named one, or `leastwise.config.json` of the folder where there is one),
 * overridden by the command line; what neither says has its default. Lists are sorted and name each thing once, so that two ways to
 * write the same settings are equal.
 *
 * @param file as the person named it, read from `cwd`
 * @throws Failure usage, for a named file that is not there and for all that is wrong with a file, at once; io, for one that cannot be read
 */
export function readSettings(
  file: string | undefined,
  cwd: string,
  flags: Flags,
): Settings & { readonly configFile: string | null } {
  const path = file === undefined ? join(cwd, CONFIG_FILE) : resolve(cwd, file);
  const name = file ?? CONFIG_FILE;
  const bytes = readBytes(path, name);
  if (bytes !== undefined) return { ...settingsOf(configOf(bytes, name), flags), configFile: name };
  if (file === undefined) return { ...settingsOf({}, flags), configFile: null };
  throw new Failure(EXIT.usage, `there is no configuration file ${quoted(file)}`, "check the path");
}

function settingsOf(config: Config, flags: Flags): Settings {
  const { exclude = {}, granularity: level = "word" } = config;
  const levels = flags.granularity ?? level;
  const { default: granularity = "word", services = [] } = typeof levels === "string" ? { default: levels } : levels;
  return {
    windows: windowsOf(flags.window ?? config.windows ?? {}),
    maxAge: flags.maxAge ?? unlessAbsent(config.maxAge, DEFAULT_SETTINGS.maxAge),
    minAge: flags.minAge ?? unlessAbsent(config.minAge, DEFAULT_SETTINGS.minAge),
    asOf: flags.asOf ?? unlessAbsent(config.asOf, DEFAULT_SETTINGS.asOf),
    protected: setOf([...(config.protected ?? []), ...(flags.protect ?? [])]),
    exclude: {
      accounts: setOf(exclude.accounts ?? []),
      principals: setOf(exclude.principals ?? []),
      paths: setOf(exclude.paths ?? []),
      tags: tagsOf(exclude.tags ?? []),
      policies: setOf(exclude.policies ?? []),
    },
    options: {
      granularity,
      services: services.toSorted(([a], [b]) => (a < b ? -1 : 1)),
      keptSids: setOf(exclude.sids ?? []),
    },
    limits: limitsOf(config.limits ?? {}),
    fit: fitOf(config.fit ?? false, flags.fit === true),
  };
}

/** What the file says; null is said too. */
function unlessAbsent<T>(value: T | undefined, otherwise: T): T {
  return value === undefined ? otherwise : value;
}

/** Every limit that the file does not say has its default. */
function limitsOf(limits: NonNullable<Config["limits"]>): SizeLimits {
  const { managed, roleInline, userInline, groupInline, attachments } = limits;
  return {
    managed: managed ?? DEFAULT_LIMITS.managed,
    roleInline: roleInline ?? DEFAULT_LIMITS.roleInline,
    userInline: userInline ?? DEFAULT_LIMITS.userInline,
    groupInline: groupInline ?? DEFAULT_LIMITS.groupInline,
    attachments: attachments ?? DEFAULT_LIMITS.attachments,
  };
}

/** An object says how and turns it on; `--fit` turns it on with what the file says of how. */
function fitOf(fit: NonNullable<Config["fit"]>, isAsked: boolean): Settings["fit"] {
  if (typeof fit === "boolean") return fit || isAsked ? { shortest: DEFAULT_SHORTEST } : null;
  return { shortest: fit.shortest ?? DEFAULT_SHORTEST };
}

/** A window for all sources, or those that are said. */
function windowsOf(windows: NonNullable<Config["windows"]>): Windows {
  if (typeof windows === "number") return { accessAnalyzer: windows, lastAccessed: windows, cloudTrail: windows };
  const { default: every, "access-analyzer": accessAnalyzer, "last-accessed": lastAccessed, cloudtrail } = windows;
  const defaults = every === undefined ? DEFAULT_SETTINGS.windows : windowsOf(every);
  return {
    accessAnalyzer: unlessAbsent(accessAnalyzer, defaults.accessAnalyzer),
    lastAccessed: unlessAbsent(lastAccessed, defaults.lastAccessed),
    cloudTrail: unlessAbsent(cloudtrail, defaults.cloudTrail),
  };
}

function tagsOf(
  tags: readonly (readonly [key: string, value: string | null | readonly string[]])[],
): PlanSettings["exclude"]["tags"] {
  return tags
    .flatMap(([key, value]) =>
      value === null || typeof value === "string" ? [{ key, value }] : setOf(value).map((one) => ({ key, value: one })),
    )
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function setOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function configOf(bytes: Uint8Array, name: string): Config {
  const decoded = decode(bytes);
  if (!("text" in decoded)) throw wrong(name, [{ pointer: "", message: decoded.message, hint: "" }]);
  const parsed = parseOne(decoded.text);
  if (!("value" in parsed)) {
    const message = `${quoted(name)}: ${parsed.message}`;
    throw new Failure(EXIT.usage, message, "the file is JSON: no comments, no comma behind the last item");
  }
  const read = readConfig(parsed.value);
  if ("problems" in read) throw wrong(name, read.problems);
  return read.config;
}

/** Undefined where there is nothing of that name; a link that leads nowhere is something. */
function readBytes(path: string, name: string): Uint8Array | undefined {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    if (!isFileOrFolder(path)) throw new Error("it is no regular file");
    return readFileSync(path);
  } catch (error) {
    throw new Failure(EXIT.io, `${quoted(name)} cannot be read: ${reasonOf(error)}`, "check the path", {
      cause: error,
    });
  }
}

function wrong(name: string, problems: readonly ConfigProblem[]): Failure {
  const lines = problems.flatMap(({ pointer, message, hint }) => {
    const place = pointer === "" ? "" : ` at ${quoted(pointer).slice(1, -1)}`;
    const [first = "", ...others] = wordWrapped(`${message}${place}${hint === "" ? "" : `; ${hint}`}`, COLUMNS - 4);
    return [`  ${first}`, ...others.map((line) => `    ${line}`)];
  });
  const number = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const message = [`${quoted(name)} has ${number}`, ...lines].join("\n");
  return new Failure(EXIT.usage, message, "docs/configuration.md lists every key");
}
