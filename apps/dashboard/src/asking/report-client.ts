import { type ApiName, type Ask, type Page, type Reply, type Report, replyKey } from "@leastwise/api";
import type { Query } from "../routing/route.ts";
import type { Client } from "./client.ts";
import { AskFailure } from "./failure.ts";

/**
 * A page without a program: answers what has been recorded, and says of everything else where it can be seen. Lists are searched here, in the rows that are
 * recorded.
 */
export function reportClient({ replies, bodies, about }: Report): Client {
  const recorded = (name: ApiName, ask: Query): unknown => {
    const place = replies[replyKey(name, ask)];
    return place === undefined ? undefined : bodies[place];
  };
  return {
    ask: async <Name extends ApiName>(name: Name, ask: Ask<Name>) => {
      const query = ask as Query; // an ask is names and texts
      const reply = recorded(name, query) ?? found(recorded(name, { ...query, q: undefined }), query["q"]);
      if (reply === undefined) throw new AskFailure(404, NOT_RECORDED);
      return reply as Reply<Name>; // the contract's word: the program that wrote the report recorded it
    },
    csv: () => null,
    report: about,
  };
}

/** The rows of a list that hold a text anywhere, case ignored; undefined where it is no list. */
function found(reply: unknown, text: string | undefined): Page<object> | undefined {
  if (text === undefined || text === "" || !isPage(reply)) return undefined;
  const wanted = text.toLowerCase();
  const rows = reply.rows.filter((row) =>
    Object.values(row).some((value) => typeof value === "string" && value.toLowerCase().includes(wanted)),
  );
  return { ...reply, rows, looked: reply.rows.length };
}

function isPage(reply: unknown): reply is Page<object> {
  return typeof reply === "object" && reply !== null && "rows" in reply && "next" in reply;
}

const NOT_RECORDED = {
  code: "NOT_IN_REPORT",
  message: "this is not in the report",
  hint: "`leastwise serve` shows everything that the database has",
};
