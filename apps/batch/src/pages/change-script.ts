import { createHash } from "node:crypto";
import {
  type PolicyRecommendationRow,
  type RecommendationRow,
  handoffFacts,
  readBlockersOf,
  readHoldersOf,
} from "@leastwise/store";
import type { Connection } from "@leastwise/store";
import type { Plan } from "../handoff/change.ts";
import { placeOf } from "../handoff/legal-names.ts";
import { planPrincipal } from "../handoff/plan-principal.ts";
import { planShared } from "../handoff/plan-shared.ts";
import { type ScriptFolder, scriptsOf } from "../handoff/scripts.ts";
import { shellQuote } from "../handoff/shell-quote.ts";
import { printable } from "../format/printable.ts";

/** What puts one policy in place, and what takes it back, as a person may paste it into a shell. */
export interface ChangeScript {
  readonly apply: string | null;
  readonly rollback: string | null;
}

const NOTHING: ChangeScript = { apply: null, rollback: null };
/** No line of a script or a document: the one is the program's own, the other JSON. */
const END = "LEASTWISE_END_OF_FILE";

/** Of a principal's policy; of one that several have, as it is changed for all of them. */
export function changeScript(
  db: Connection,
  row: RecommendationRow | undefined,
  shared: PolicyRecommendationRow | undefined,
): ChangeScript {
  const facts = handoffFacts(db);
  const own = row === undefined ? null : planPrincipal([row], facts, "in-place");
  const isNothing = own === null || (own.changes.length === 0 && own.notApplied.length === 0);
  if (!isNothing && row !== undefined) return scriptOf(own, row.principal_arn);
  if (shared === undefined || row?.recommended_action === "NONE") return NOTHING;
  const key = shared.policy_key;
  return scriptOf(planShared(shared, readHoldersOf(db, key), readBlockersOf(db, key).length > 0, facts), key);
}

function scriptOf({ changes, notApplied }: Plan, arn: string): ChangeScript {
  const account = placeOf(arn);
  if (changes.length === 0 || account === undefined) {
    const reasons = notApplied.map(({ reason }) => `# not applied: ${printable(reason)}\n`);
    return reasons.length === 0 ? NOTHING : { apply: reasons.join(""), rollback: null };
  }
  const files = new Map<string, string>();
  const writer = scriptsOf(folderIn(files), account);
  writer.add(changes);
  writer.finish(notApplied.length);
  const digest = createHash("sha256")
    .update([...files.values()].join("\0"))
    .digest("hex")
    .slice(0, 8);
  const folder = `leastwise-${account.accountId}-${digest}`;
  const heading = `# Makes the folder ${folder}, and tries out in it what would be done. To do it: bash ${folder}/apply.sh --apply`;
  const folders = new Set(Array.from(files.keys(), (path) => `${folder}/${path}`.replace(/\/[^/]*$/, "")));
  const lines = [
    heading,
    `mkdir -p ${Array.from(folders, shellQuote).join(" ")}`,
    ...Array.from(
      files,
      ([path, text]) =>
        `cat >${shellQuote(`${folder}/${path}`)} <<'${END}'\n${text}${text.endsWith("\n") ? "" : "\n"}${END}`,
    ),
    `bash ${folder}/apply.sh`,
  ];
  return {
    apply: `${lines.join("\n")}\n`,
    rollback: `# Where it was applied: ${folder} has the log of what was done. To do it: bash ${folder}/rollback.sh --apply\nbash ${folder}/rollback.sh\n`,
  };
}

function place(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}

/** Files by their path below the account's folder. */
function folderIn(files: Map<string, string>): ScriptFolder {
  return {
    write: (path, text) => void files.set(place(path), text),
    begin: (path) => {
      let all = "";
      return { write: (text) => void (all += text), finish: () => void files.set(place(path), all) };
    },
  };
}
