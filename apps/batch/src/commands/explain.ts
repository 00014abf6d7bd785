import { DEFAULT_LIMITS, DEFAULT_OPTIONS, DEFAULT_SETTINGS } from "@leastwise/core";
import { openForReading, readRunSettings } from "@leastwise/store";
import type { Settings } from "../config/settings.ts";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { explainAction } from "../explain/explain-action.ts";
import { explanationText } from "../format/explanation.ts";
import { printableJson } from "../format/printable.ts";
import { requiredPrincipal } from "../given/principal.ts";
import { tellUnfinished } from "../given/tell-unfinished.ts";
import { type Terminal, write } from "../terminal.ts";

export interface ExplainOptions {
  readonly db: string;
  readonly run?: string;
  readonly json?: boolean;
}

/** What a run went by that wrote no settings of its own. */
const DEFAULTS: Settings = { ...DEFAULT_SETTINGS, options: DEFAULT_OPTIONS, limits: DEFAULT_LIMITS, fit: null };

const ACTION = /^[\w.-]+:[\w.-]+$/;

/** `leastwise explain ARN ACTION`: which statements grant it, what every source says of it, what happens to it and why. */
export async function explainCommand(
  arn: string,
  action: string,
  options: ExplainOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (!ACTION.test(action))
    throw new Failure(EXIT.usage, `\`${action}\` is no action`, "give one action, such as s3:GetObject");
  const db = openForReading(options.db, options.run);
  try {
    tellUnfinished(db, terminal);
    const principal = requiredPrincipal(db, arn);
    const { settings, eventsSince } = readRunSettings(db);
    const { protected: patterns, options: refinement } = {
      ...DEFAULTS,
      ...(JSON.parse(settings) as Partial<Settings>), // a run wrote it
    };
    const { keptSids } = refinement;
    const explanation = explainAction(db, { principal, action, protected: patterns, keptSids, eventsSince });
    const text =
      options.json === true
        ? `${printableJson(JSON.stringify(explanation))}\n`
        : explanationText(explanation, terminal);
    await write(terminal.out, text);
    return EXIT.done;
  } finally {
    db.close();
  }
}
