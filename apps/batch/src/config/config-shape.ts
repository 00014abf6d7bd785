import type { Granularity, SizeLimits } from "@leastwise/core";
import { quoted } from "@leastwise/evidence";
import { z } from "zod";
import { nearestKey } from "./nearest-key.ts";
import { LIMITS, MOST_DAYS, instantOf, isActionPattern } from "./values.ts";

/** A configuration file as it is meant; what the file leaves out is absent or undefined. */
export interface Config {
  readonly protected?: readonly string[] | undefined;
  readonly exclude?:
    | {
        readonly accounts?: readonly string[] | undefined;
        readonly principals?: readonly string[] | undefined;
        readonly paths?: readonly string[] | undefined;
        /** Null for any value, a list for each of several. */
        readonly tags?: readonly (readonly [key: string, value: string | null | readonly string[]])[] | undefined;
        readonly policies?: readonly string[] | undefined;
        /** What Sids begin with. */
        readonly sids?: readonly string[] | undefined;
      }
    | undefined;
  /** Days; a number for all sources. */
  readonly windows?: number | WindowKeys | undefined;
  readonly maxAge?: number | null | undefined;
  readonly minAge?: number | null | undefined;
  /** ISO 8601 in UTC. */
  readonly asOf?: string | null | undefined;
  readonly granularity?: Granularity | GranularityKeys | undefined;
  readonly limits?: { readonly [limit in keyof SizeLimits]?: number | undefined } | undefined;
  readonly fit?: boolean | { readonly shortest?: number | undefined } | undefined;
}

interface WindowKeys {
  readonly default?: number | undefined;
  readonly "access-analyzer"?: number | null | undefined;
  readonly "last-accessed"?: number | undefined;
  readonly cloudtrail?: number | null | undefined;
}

interface GranularityKeys {
  readonly default?: Granularity | undefined;
  readonly services?: readonly (readonly [service: string, granularity: Granularity])[] | undefined;
}

/** Something wrong with a configuration file. */
export interface ConfigProblem {
  /** A JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
  /** What to do about it, or empty. */
  readonly hint: string;
}

const GRANULARITIES = ["word", "exact"] as const satisfies readonly Granularity[];
const WINDOW = `whole days from 1 to ${MOST_DAYS.window}`;
const AGE = `whole days from 0 to ${MOST_DAYS.age}, or null`;
const SERVICE = /^[a-z\d._-]+$/;

const actionPatterns = list(textThat(isActionPattern, "a pattern such as `iam:*` or `*:Delete*`, or `*`"));
/** ARNs and names are printable ASCII without blanks. */
const arnsOrNames = list(textThat((text) => /^[!-~]+$/.test(text), "an ARN or a name, with `*` and `?` or without"));

const exclude = z.strictObject(
  {
    accounts: list(textThat((text) => /^\d{12}$/.test(text), "an account id of 12 digits, in quotes")),
    principals: arnsOrNames,
    paths: list(textThat((text) => /^\/([!-~]*\/)?$/.test(text), "a path that begins and ends with `/`")),
    tags: entriesOf(
      (key) => key.length > 0,
      "a tag's key",
      z.union(
        [
          z.string(),
          z.null(),
          z.array(z.string(expecting("a value"))).min(1, expecting("at least one value, or null for any")),
        ],
        expecting("a value, null for any, or a list of values"),
      ),
    ),
    policies: arnsOrNames,
    sids: list(textThat((text) => /^[A-Za-z\d]+$/.test(text), "what Sids begin with, letters and digits")),
  },
  expecting("an object"),
);

const windows = z.strictObject(
  {
    default: wholeNumber(1, MOST_DAYS.window, WINDOW).optional(),
    "access-analyzer": wholeNumber(1, MOST_DAYS.window, `${WINDOW}, or null`).nullish(),
    "last-accessed": wholeNumber(1, MOST_DAYS.window, WINDOW).optional(),
    cloudtrail: wholeNumber(1, MOST_DAYS.window, `${WINDOW}, or null`).nullish(),
  },
  expecting(`${WINDOW}, or an object`),
);

const level = z.enum(GRANULARITIES, expecting("`word` or `exact`"));
const granularity = z.strictObject(
  {
    default: level.optional(),
    services: entriesOf((service) => SERVICE.test(service), "a service prefix in lower case, such as `s3`", level),
  },
  expecting("`word`, `exact` or an object"),
);

const CHARACTERS = `whole characters from ${LIMITS.characters[0]} to ${LIMITS.characters[1]}`;
const ATTACHMENTS = `a whole number from ${LIMITS.attachments[0]} to ${LIMITS.attachments[1]}`;
const SHORTEST = `a whole number from ${LIMITS.shortest[0]} to ${LIMITS.shortest[1]}`;
const characters = wholeNumber(...LIMITS.characters, CHARACTERS).optional();
const limits = z.strictObject(
  {
    managed: characters,
    roleInline: characters,
    userInline: characters,
    groupInline: characters,
    attachments: wholeNumber(...LIMITS.attachments, ATTACHMENTS).optional(),
  },
  expecting("an object"),
);

const fit = z.strictObject(
  { shortest: wholeNumber(...LIMITS.shortest, SHORTEST).optional() },
  expecting("true, false or an object"),
);

const config = z.strictObject(
  {
    $schema: z.unknown().optional(),
    protected: actionPatterns,
    exclude: exclude.optional(),
    windows: z
      .union([wholeNumber(1, MOST_DAYS.window, WINDOW), windows], expecting(`${WINDOW}, or an object`))
      .optional(),
    maxAge: wholeNumber(0, MOST_DAYS.age, AGE).nullish(),
    minAge: wholeNumber(0, MOST_DAYS.age, AGE).nullish(),
    asOf: date().nullish(),
    granularity: z.union([level, granularity], expecting("`word`, `exact` or an object")).optional(),
    limits: limits.optional(),
    fit: z.union([z.boolean(expecting("true or false")), fit], expecting("true, false or an object")).optional(),
  },
  expecting("an object"),
);

/** The keys of each object that has keys of ours, by its pointer. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(config.shape),
  "/exclude": Object.keys(exclude.shape),
  "/windows": Object.keys(windows.shape),
  "/granularity": Object.keys(granularity.shape),
  "/limits": Object.keys(limits.shape),
  "/fit": Object.keys(fit.shape),
};

/** What a parsed file says, or everything that is wrong with it. */
export function readConfig(
  value: unknown,
): { readonly config: Config } | { readonly problems: readonly ConfigProblem[] } {
  const checked = config.safeParse(value);
  if (checked.success) return { config: checked.data };
  const problems = checked.error.issues.flatMap((issue) => problemsOf(issue, []));
  return { problems: problems.map(({ path, message, hint }) => ({ pointer: pointerOf(path), message, hint })) };
}

type Issue = z.core.$ZodIssue;
type Placed = Omit<ConfigProblem, "pointer"> & { readonly path: readonly PropertyKey[] };

function problemsOf(issue: Issue, parents: readonly PropertyKey[]): readonly Placed[] {
  const path = [...parents, ...issue.path];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, path));
  if (issue.code === "invalid_union") {
    const meant = issue.errors.find((issues) => !issues.some(isOfAnotherKind));
    if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, path));
  }
  return [{ path, message: issue.message, hint: "" }];
}

/** Whether a form of a union was not meant at all. */
function isOfAnotherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value");
}

function unknownKey(key: string, path: readonly PropertyKey[]): Placed {
  const nearest = nearestKey(key, KEYS[pointerOf(path)] ?? []);
  return {
    path: [...path, key],
    message: `unknown key ${quoted(key)}`,
    hint: nearest === undefined ? "" : `did you mean \`${nearest}\``,
  };
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function list<T extends z.ZodType>(item: T): z.ZodOptional<z.ZodArray<T>> {
  return z.array(item, expecting("a list")).optional();
}

function textThat(passes: (text: string) => boolean, what: string): z.ZodString {
  return z.string(expecting(what)).refine(passes, expecting(what));
}

function wholeNumber(least: number, most: number, what: string): z.ZodNumber {
  return z.number(expecting(what)).int(expecting(what)).min(least, expecting(what)).max(most, expecting(what));
}

function date(): z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> {
  const what = "a date such as `2026-11-21`, or a time with its offset, or null";
  return z.string(expecting(what)).transform((text, context) => {
    const instant = instantOf(text);
    if (instant !== undefined) return instant;
    context.addIssue({ code: "custom", message: `expected ${what}, found ${found(text)}` });
    return z.NEVER;
  });
}

/** The entries of an object whose keys are the user's own; any key, also one that JavaScript's objects have themselves. */
function entriesOf<T extends z.ZodType>(
  isKey: (key: string) => boolean,
  what: string,
  item: T,
): z.ZodOptional<z.ZodPipe<z.ZodUnknown, z.ZodTransform<(readonly [string, z.infer<T>])[]>>> {
  const entries = z.unknown().transform((value, context) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      context.addIssue({ code: "custom", message: `expected an object, found ${found(value)}` });
      return z.NEVER;
    }
    return Object.entries(value).map(([key, given]) => {
      if (!isKey(key))
        context.addIssue({ code: "custom", path: [key], message: `expected ${what}, found ${found(key)}` });
      const checked = item.safeParse(given);
      if (checked.success) return [key, checked.data] as const;
      for (const { path, message } of checked.error.issues.flatMap((issue) => problemsOf(issue, [key]))) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
      return z.NEVER;
    });
  });
  return entries.optional();
}

/** For everything that a value can have wrong: what it should be, and what it is. */
function expecting(what: string): { readonly error: (issue: { readonly input?: unknown }) => string } {
  return { error: ({ input }) => `expected ${what}, found ${found(input)}` };
}

function found(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
