import type { ApiName, Ask, Reply } from "@leastwise/api";
import { canonicalQuery, type Query } from "../routing/route.ts";
import type { Client, ReportAbout } from "./client.ts";
import { AskFailure } from "./failure.ts";

/** What a report holds beside the page: `NAME?QUERY` with its reply, the query in canonical form without `limit` and `run`. */
export interface Recorded {
  readonly replies: Readonly<Record<string, unknown>>;
  readonly about: ReportAbout;
}

/** The key under which a reply is recorded. */
export function replyKey(name: ApiName, ask: object): string {
  const { limit: _limit, run: _run, ...rest } = ask as Query; // an ask is names and texts
  return `${name}?${canonicalQuery(rest)}`;
}

/** A page without a program: answers what has been recorded, and says of everything else where it can be seen. */
export function reportClient({ replies, about }: Recorded): Client {
  return {
    ask: async <Name extends ApiName>(name: Name, ask: Ask<Name>) => {
      const key = replyKey(name, ask);
      if (!Object.hasOwn(replies, key)) throw new AskFailure(404, notRecorded(about));
      return replies[key] as Reply<Name>; // the contract's word: the program that wrote the report recorded it
    },
    csv: () => null,
    report: about,
  };
}

function notRecorded(about: ReportAbout) {
  return { code: "NOT_IN_REPORT", message: "this is not in the report", hint: `\`${about.command}\` shows it` };
}
