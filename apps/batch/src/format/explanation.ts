import type { Explanation, Grant, Holder } from "../explain/explain-action.ts";
import { type Saying, showsUse } from "../explain/sayings.ts";
import { count } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { printable } from "./printable.ts";
import { wordWrapped } from "./wrap.ts";

const MOST_NAMED = 5;

/** An explanation for a person: the answer first, then by whose policies, then what every source says. */
export function explanationText(explanation: Explanation, terminal: Terminal): string {
  const { colours, width } = terminal;
  const { action, inCatalog, holders } = explanation;
  const asked = holders[0]!.principal.arn; // the principal asked about is the first
  const title = printable(`${action} for ${asked}`);
  const lines = [
    ...(inCatalog ? [] : ["the catalog has no such action; what policies and reports say of it counts all the same"]),
    ...answerLines(explanation),
    ...holders.flatMap((holder) => holderLines(holder, asked)),
  ];
  return `${[colours.bold(title), ...lines.flatMap((line) => wrapped(printable(line), width))].join("\n")}\n`;
}

function answerLines({ holders, protectedBy }: Explanation): readonly string[] {
  const allowing = holders.flatMap(({ grants }) => grants.filter(({ effect }) => effect === "Allow"));
  const denied = holders.some(({ grants }) => grants.some(({ effect }) => effect === "Deny"));
  const deny = denied ? ["a Deny statement names it too; Deny statements are never touched"] : [];
  if (allowing.length === 0) return ["no policy of it allows this action", ...deny];
  const going = allowing.filter(({ stays }) => !stays).length;
  const answer =
    going === 0 ? "stays" : going === allowing.length ? "goes" : "goes from some policies and stays in others";
  return [
    `${answer}: ${[...new Set(holders.filter(({ grants }) => grants.length > 0).map((holder) => reasonOf(holder, protectedBy)))].join("; ")}`,
    ...deny,
  ];
}

/** Why a holder's policies lose or keep the action. */
function reasonOf(holder: Holder, protectedBy: string | null): string {
  const { principal, grants, sayings, state, keptFor } = holder;
  const who = principal.kind === "group" ? `the group ${principal.name}` : "it";
  const allowing = grants.filter(({ effect }) => effect === "Allow");
  const left = allowing.filter(({ leftBecause }) => leftBecause !== null);
  if (left.length > 0) {
    const rule = left[0]!.leftBecause; // there is one
    if (left.length === allowing.length) return `${who} is left alone (${rule})`;
    const rest = reasonOf(
      { ...holder, grants: allowing.filter(({ leftBecause }) => leftBecause === null) },
      protectedBy,
    );
    return `${rest}; ${[...new Set(left.map(({ policyName }) => policyName))].join(", ")} is left alone (${rule})`;
  }
  const isKeptBySid = state === "unused" && protectedBy === null && allowing.some(({ stays }) => stays);
  if (isKeptBySid) return "it is unused, and its statement is left alone by its Sid";
  if (state === "unused" && protectedBy !== null) return `it is unused, and protected by \`${protectedBy}\``;
  if (state === "unused")
    return principal.evidence === "members" ? "no member uses it" : `unused, as ${saidBy(sayings, "unused")}`;
  if (principal.kind === "group" && keptFor.length > 0) return `the group keeps it for ${named(keptFor)}`;
  if (state === "used") return `used, as ${saidBy(sayings, "used")}`;
  const counting = sayings.filter(({ standing }) => standing === "counts");
  if (counting.some((saying) => saying.state === "unused" && saying.wholeService)) {
    return counting.some((saying) => saying.state === "unknown")
      ? "something of the service is used, and nothing says by which action"
      : "what speaks of the service as a whole does not see this action";
  }
  if (principal.evidence === "none") return `nothing is known of the use of ${who === "it" ? "this principal" : who}`;
  return "nothing says that it is unused";
}

/** Who says so, as the subject of a sentence with its verb. */
function saidBy(sayings: readonly Saying[], state: Saying["state"]): string {
  const telling = sayings.filter((saying) =>
    state === "used" ? showsUse(saying) : saying.state === state && saying.standing === "counts",
  );
  const names = [...new Set(telling.map(({ source }) => SOURCES[source]))].sort();
  const last = names.at(-1) ?? "";
  return names.length < 2 ? `${last} says` : `${names.slice(0, -1).join(", ")} and ${last} say`;
}

const SOURCES: Readonly<Record<Saying["source"], string>> = {
  "access-analyzer": "Access Analyzer",
  "last-accessed": "service last accessed",
  "plain-list": "a list",
  cloudtrail: "CloudTrail",
};

function named(arns: readonly string[]): string {
  const names = arns.slice(0, MOST_NAMED).map((arn) => arn.slice(arn.indexOf(":user/") + 6));
  return arns.length > MOST_NAMED
    ? `${names.join(", ")} and ${count(arns.length - MOST_NAMED)} more`
    : names.join(", ");
}

function holderLines({ principal, grants, sayings, state }: Holder, asked: string): readonly string[] {
  const title = principal.arn === asked ? "" : ` of ${principal.arn}`;
  const unsaid = sayings.length === 0 ? ["  nothing speaks of it"] : [];
  return [
    "",
    `granted by policies${title}`,
    ...(grants.length === 0 ? ["  none"] : grants.map((grant) => `  ${grantText(grant)}`)),
    "",
    `evidence${title}: ${state}`,
    ...unsaid,
    ...sayings.map((saying) => `  ${sayingText(saying, principal.arn)}`),
  ];
}

function grantText({ policyName, statement, sid, effect, element, entries, stays, leftBecause }: Grant): string {
  const place = `${policyName}, statement ${statement}${sid === null || sid === "" ? "" : ` (${sid})`}`;
  const by =
    element === "NotAction" ? "NotAction, which does not name it" : entries.map((entry) => `\`${entry}\``).join(", ");
  if (effect === "Deny") return `${place}: denies it by ${by}`;
  return `${place}: allows it by ${by}; ${stays ? "stays" : "goes"}${leftBecause === null ? "" : `, left alone (${leftBecause})`}`;
}

function sayingText(saying: Saying, holder: string): string {
  const { principalArn, source, report, date, standing, inputs } = saying;
  const of = principalArn === holder ? "" : ` on ${principalArn.slice(principalArn.lastIndexOf(":") + 1)}`;
  const about =
    source === "access-analyzer"
      ? ` finding ${report}`
      : source === "last-accessed"
        ? ` (${report})`
        : source === "cloudtrail"
          ? ` ${report}`
          : "";
  const day = date === null || source === "cloudtrail" ? "" : ` of ${date.slice(0, 10)}`;
  const from =
    inputs.length === 0 ? "" : ` [${inputs[0]}${inputs.length > 1 ? ` and ${count(inputs.length - 1)} more` : ""}]`;
  return `${SOURCES[source]}${about}${of}${day}: ${whatItSays(saying)}${STANDINGS[source === "cloudtrail" ? "counts" : standing]}${from}`;
}

const STANDINGS: Readonly<Record<Saying["standing"], string>> = {
  counts: "",
  "not-active": "; it is no longer active, so it does not count",
  superseded: "; a newer one counts instead",
  predecessor: "; it is older than the principal, so it does not count",
  stale: "; too old to remove anything",
};

function whatItSays({ source, state, standing, wholeService, lastAccessed, windowDays, events }: Saying): string {
  if (events !== null) {
    const denied = events.denied === 0 ? "" : `, and ${count(events.denied)} that were denied`;
    if (events.allowed === 0)
      return events.denied === 1
        ? "1 event, which was denied, so it proves no use"
        : `${count(events.denied)} events, all denied, which prove no use`;
    const last = `${count(events.allowed)} event${events.allowed === 1 ? "" : "s"}, the last on ${lastAccessed!.slice(0, 10)}${denied}`; // not all were denied
    if (standing === "stale") return `${last}; older than the window`;
    return wholeService
      ? `${last}; the name stands for no known action, so something of the service is used`
      : `used: ${last}`;
  }
  const on =
    lastAccessed === null ? "never accessed in its tracking period" : `last accessed on ${lastAccessed.slice(0, 10)}`;
  const window = windowDays === null ? "" : `, with a window of ${windowDays} days`;
  if (state === "silent") return "says nothing of it";
  if (state === "unknown")
    return `the service was last accessed on ${lastAccessed?.slice(0, 10) ?? "some day"}, and nothing says by which action`;
  if (state === "used") return `used: ${on}${window}`;
  const subject = wholeService ? "the whole service is unused" : "unused";
  return source === "plain-list" ? subject : `${subject}: ${on}${window}`;
}

function wrapped(line: string, width: number | null): readonly string[] {
  if (width === null || line === "") return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  return wordWrapped(line.slice(indent.length), width - indent.length - 2).map(
    (part, i) => `${indent}${i === 0 ? "" : "  "}${part}`,
  );
}
