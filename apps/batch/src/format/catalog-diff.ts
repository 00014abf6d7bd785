import type { Catalog } from "@leastwise/catalog";
import { fold } from "@leastwise/core";
import type { CatalogChanges } from "../catalogs/catalog-changes.ts";
import { WORST_FIRST } from "../drift/levels.ts";
import { count } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { catalogName } from "./drift.ts";
import { printable } from "./printable.ts";
import { formatTable } from "./table.ts";
import { wordWrapped } from "./wrap.ts";

const MOST_SERVICES = 20;

/** What differs between two catalogs, for people: figures, and the services with the most changes, or everything. */
export function catalogDiffText(
  older: Catalog,
  newer: Catalog,
  changes: CatalogChanges,
  all: boolean,
  terminal: Terminal,
): string {
  const { colours, width } = terminal;
  const room = (width ?? Infinity) - 4;
  const facts = factsOf(changes).map(
    ([name, text]) => `${colours.dim(name.padStart(15))}  ${wordWrapped(text, room - 13).join(`\n${" ".repeat(17)}`)}`,
  );
  const heading = wordWrapped(`${catalogName(older)} → ${catalogName(newer)}`, width ?? Infinity);
  const parts = [[...heading, "", ...facts].join("\n")];
  if (all) {
    parts.push(...everything(changes, terminal));
  } else {
    const rows = byService(changes);
    if (rows.length > 0) {
      const columns = ["service", "added", "gone", "renamed", "level", "tracking"];
      const shown = rows.slice(0, MOST_SERVICES).map(({ service, added, gone, renamed, levels, tracked }) => {
        return [service, added, gone, renamed, levels, tracked];
      });
      const more = rows.length - shown.length;
      parts.push(
        formatTable(columns, shown, width) +
          (more > 0 ? `\nand ${count(more)} more services; --all shows every action, --json gives them as lines` : ""),
      );
    }
  }
  return `${parts.join("\n\n")}\n`;
}

function factsOf(changes: CatalogChanges): readonly (readonly [string, string])[] {
  const { servicesAdded, servicesGone, servicesRenamed, added, gone, levels, tracked } = changes;
  const inKnown = added.filter(({ isNewService }) => !isNewService);
  const underWord = inKnown.filter(({ isUnderKnownWord }) => isUnderKnownWord);
  const byLevel = WORST_FIRST.flatMap((level) => {
    const number = inKnown.filter(({ accessLevel }) => accessLevel === level).length;
    return number === 0 ? [] : [`${count(number)} ${level}`];
  });
  const renamed = gone.filter(({ renamedTo }) => renamedTo !== null);
  const moved = servicesRenamed.map(({ from, to }) => `${from} is ${to} now`);
  return [
    ["services", [`${count(servicesAdded.length)} added, ${count(servicesGone.length)} gone`, ...moved].join("; ")],
    ["actions added", `${count(added.length)}, of which ${count(inKnown.length)} to services that were there`],
    ...(inKnown.length === 0
      ? []
      : ([
          ["", byLevel.join(", ")],
          [
            "",
            `${count(underWord.length)} (${((100 * underWord.length) / inKnown.length).toFixed(0)} %) under a prefix of one word that was there, such as \`${printable(prefixOf(underWord[0]?.action ?? ""))}*\``,
          ],
        ] as const)),
    ["actions gone", `${count(gone.length)}, of which ${count(renamed.length)} renamed`],
    ["access levels", `${count(levels.length)} changed`],
    ["tracking", `${count(tracked.length)} changed`],
  ];
}

/** The first word of an action with its service, for an example. */
function prefixOf(action: string): string {
  return /^[^:]*:[A-Z]*[a-z]*/.exec(action)?.[0] ?? action;
}

interface ServiceRow {
  readonly service: string;
  added: number;
  gone: number;
  renamed: number;
  levels: number;
  tracked: number;
}

/** Those with the most changes first, then by name. */
function byService({ added, gone, levels, tracked }: CatalogChanges): readonly ServiceRow[] {
  const rows = new Map<string, ServiceRow>();
  const row = (action: string): ServiceRow => {
    const service = action.slice(0, action.indexOf(":"));
    let found = rows.get(fold(service));
    if (found === undefined) {
      rows.set(fold(service), (found = { service, added: 0, gone: 0, renamed: 0, levels: 0, tracked: 0 }));
    }
    return found;
  };
  for (const { action } of added) row(action).added++;
  for (const { action, renamedTo } of gone) row(action)[renamedTo === null ? "gone" : "renamed"]++;
  for (const { action } of levels) row(action).levels++;
  for (const { action } of tracked) row(action).tracked++;
  const sum = (of: ServiceRow): number => of.added + of.gone + of.renamed + of.levels + of.tracked;
  return [...rows.values()].sort((a, b) => sum(b) - sum(a) || (a.service < b.service ? -1 : 1));
}

function everything(changes: CatalogChanges, { colours, width }: Terminal): readonly string[] {
  const { servicesAdded, servicesGone, added, gone, levels, tracked } = changes;
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [[colours.bold(title), ...lines.map((line) => `  ${printable(line)}`)].join("\n")];
  const names = (services: readonly string[]): readonly string[] =>
    services.length === 0 ? [] : wordWrapped(services.join(", "), (width ?? Infinity) - 2);
  return [
    ...section("services added", names(servicesAdded)),
    ...section("services gone", names(servicesGone)),
    ...section(
      "actions added",
      added.map(({ action, accessLevel }) => `${action}  ${accessLevel}`),
    ),
    ...section("actions gone", gone.map(goneLine)),
    ...section(
      "other access level",
      levels.map(({ action, before, after }) => `${action}  ${before} → ${after}`),
    ),
    ...section(
      "last access tracked otherwise",
      tracked.map(({ action, tracked: is }) => `${action}  ${is ? "now tracked" : "no longer tracked"}`),
    ),
  ];
}

function goneLine({ action, renamedTo, nearest }: CatalogChanges["gone"][number]): string {
  if (renamedTo !== null) return `${action}, now ${renamedTo}`;
  return nearest === null ? action : `${action} (${nearest} is new and spelled alike)`;
}

/** Each change as one value: what differs, and the service or action. */
export function* catalogDiffRows(changes: CatalogChanges): Generator<object> {
  const { servicesAdded, servicesGone, servicesRenamed, added, gone, levels, tracked } = changes;
  for (const service of servicesAdded) yield { change: "service-added", service };
  for (const service of servicesGone) {
    const renamedTo = servicesRenamed.find(({ from }) => from === service)?.to ?? null;
    yield { change: "service-gone", service, renamedTo };
  }
  for (const { action, accessLevel, isNewService, isUnderKnownWord } of added) {
    yield { change: "action-added", action, accessLevel, isNewService, isUnderKnownWord };
  }
  for (const { action, accessLevel, renamedTo, nearest } of gone) {
    yield { change: "action-gone", action, accessLevel, renamedTo, nearest };
  }
  for (const { action, before, after } of levels) yield { change: "access-level", action, before, after };
  for (const { action, tracked: isTracked } of tracked) yield { change: "tracking", action, tracked: isTracked };
}
