/** The ladder in the store: what is asked, what is chosen, and that it can stop and go on anywhere. Sizes are of documents of a small catalog. */
import { createHash } from "node:crypto";
import { DEFAULT_LIMITS, type DocumentRecord, type SizeLimits } from "@leastwise/core";
import { describe, expect, test } from "vitest";
import {
  type Connection,
  type Run,
  askRungs,
  misfitted,
  readFitting,
  readMisfit,
  readPolicyRecommendations,
  readRecommendations,
  readStoredSplits,
  summarise,
} from "../src/index.ts";
import {
  allowing,
  answered,
  dump,
  file,
  finding,
  group,
  managedPolicy,
  newDatabase,
  openShards,
  planned,
  role,
  rows,
  temporaryFolder,
  together,
  user,
  withInline,
} from "./organization.ts";

const folder = temporaryFolder();
const AUGUST = "2026-08-25T00:00:00.000Z";

/** A document that allows what is left of `sqs:*`, and names that no catalog has, of so many characters in all once it is refined. */
function ofSize(characters: number, id = "a"): DocumentRecord {
  const unheard = (total: number): readonly string[] => {
    const names: string[] = [];
    for (let left = total; left > 0; left -= 40) names.push(`s3:${id}`.padEnd(left < 80 ? left - 3 : 37, "x"));
    return names.slice(0, Math.max(1, Math.floor(total / 40)));
  };
  let names = unheard(characters - after([]));
  const missing = characters - after(names);
  names = [...names.slice(0, -1), (names.at(-1) ?? "").padEnd((names.at(-1)?.length ?? 0) + missing, "y")];
  if (after(names) !== characters) throw new Error(`${after(names)} characters`);
  return allowing("sqs:*", ...names);
}

/** How long a document is once what nobody uses is gone. */
function after(names: readonly string[]): number {
  return allowing("sqs:SendMessage", ...names).text.length;
}

function single(queue: string): string {
  return JSON.stringify({ Statement: { Effect: "Allow", Action: ["sqs:*"], Resource: `arn:aws:sqs:::${queue}` } });
}

/** How long a document of `ofSize` is as it is. */
function before(size: number): number {
  return size - '"sqs:SendMessage"'.length + '"sqs:*"'.length;
}

/** A document whose one statement can be cut along no list. */
function uncuttable(characters: number): DocumentRecord {
  const left = single("").length - '"sqs:*"'.length + '"sqs:SendMessage"'.length;
  const whole = single("x".repeat(characters - left));
  return { sha256: createHash("sha256").update(whole).digest("hex"), text: whole };
}

/** A run over these, of whom nobody deletes messages, with these limits. */
function ran(
  said: ReturnType<typeof together>,
  limits: Partial<SizeLimits>,
  fit: object | null = { shortest: 4 },
): { readonly db: Connection; readonly run: Run } {
  const { db } = newDatabase(folder);
  const settings = JSON.stringify({ limits: { ...DEFAULT_LIMITS, ...limits }, fit });
  const usage = (said.principals ?? []).map((who) =>
    finding(who, `of ${who.name}`, AUGUST, { sqs: ["DeleteMessage"] }),
  );
  const run = planned(db, [file("export.json", { ...said, usage })], { settings });
  return { db, run: answered(db, run) };
}

function found(db: Connection, columns: string): readonly unknown[] {
  return db.prepare(`SELECT ${columns} FROM recommendations ORDER BY principal_arn, policy_key`).raw().all();
}

/** A principal with managed policies. */
function withManaged(
  who: ReturnType<typeof role>,
  documents: Readonly<Record<string, DocumentRecord>>,
): ReturnType<typeof together> {
  const policies = Object.entries(documents).map(([name, document]) => managedPolicy(name, document));
  return {
    principals: [who],
    policies,
    documents: Object.values(documents),
    attachments: policies.map(({ key }) => ({ principalArn: who.arn, policyKey: key })),
  };
}

const SIZES = "policy_name, size_before, size_after, size_limit, form, fit, json_array_length(parts)";

describe("sizes", () => {
  test("are a managed policy's own, and of inline policies the sum over the principal's", () => {
    const said = together(
      withInline(role("web"), ofSize(200), ofSize(300, "b")),
      withManaged(role("api"), { Wide: ofSize(400, "c") }),
    );
    const { db } = ran(said, {}, null);
    expect(found(db, SIZES)).toEqual([
      ["Wide", before(400), 400, 6144, "prefixes", "fits", null],
      ["inline-1", before(200) + before(300), 500, 10_240, "prefixes", "fits", null],
      ["inline-2", before(200) + before(300), 500, 10_240, "prefixes", "fits", null],
    ]);
  });

  test("are held against the limit of the kind of principal, to the character", () => {
    const said = together(
      withInline(role("r"), ofSize(500)),
      withInline(user("u"), ofSize(500, "b")),
      withInline(group("g"), ofSize(500, "c")),
    );
    const limits = { roleInline: 499, userInline: 500, groupInline: 499 };
    const members = { ...said, usage: [] };
    const { db } = ran(members, limits, null);
    expect(found(db, "principal_kind, size_limit, fit")).toEqual([
      ["group", 499, "too-large"],
      ["role", 499, "too-large"],
      ["user", 500, "fits"],
    ]);
  });

  test("that are over a limit of what changes nothing are AWS's own business", () => {
    const said = withInline(role("web"), allowing("s3:GetObject", "s3:PutObject"));
    expect(found(ran(said, { roleInline: 50 }, null).db, "recommended_action, fit")).toEqual([["NONE", "fits"]]);
    const gone = withInline(role("web"), allowing("sqs:DeleteMessage"));
    expect(found(ran(gone, { roleInline: 10 }).db, "recommended_action, size_after, fit")).toEqual([
      ["DETACH_POLICY", 0, "fits"],
    ]);
  });

  test("count in the summary, by what was done about them", () => {
    const said = together(withManaged(role("api"), { Long: ofSize(400) }), withInline(role("web"), uncuttable(400)));
    const limits = { managed: 300, roleInline: 300 };
    const plain = ran(said, limits, null);
    expect(summarise(plain.db, plain.run.runId).sizes).toEqual({ tooLarge: 2, shortened: 0, split: 0, doesNotFit: 0 });
    const fitted = ran(said, limits);
    expect(summarise(fitted.db, fitted.run.runId).sizes).toEqual({
      tooLarge: 0,
      shortened: 0,
      split: 1,
      doesNotFit: 1,
    });
  });
});

describe("a run that is asked to fit", () => {
  test("splits what no form makes fit, in the first that takes no more parts than the shortest, each part within the limit, stored once", () => {
    const said = together(
      withManaged(role("api"), { Long: ofSize(700) }),
      withManaged(role("web"), { Same: ofSize(700) }),
    );
    const { db } = ran(said, { managed: 300 });
    expect(found(db, "policy_name, form, fit, json_array_length(parts)")).toEqual([
      ["Long", "characters", "split", 3],
      ["Same", "characters", "split", 3],
    ]);
    expect(rows(db, "SELECT DISTINCT unit_id FROM recommendation")).toHaveLength(1);
    expect(rows(db, "SELECT * FROM unit_part WHERE unit_id IN (SELECT unit_id FROM recommendation)")).toHaveLength(3);
    const [row] = readRecommendations(db);
    const parts = JSON.parse(row?.parts ?? "[]") as readonly string[]; // JSON list of texts
    expect(Math.max(...parts.map((text) => text.length))).toBe(row?.size_after);
    expect(row?.size_after).toBeLessThanOrEqual(300);
  });

  test("keeps the number of attachments, over all that a principal has", () => {
    const others = Object.fromEntries(
      Array.from({ length: 3 }, (_, i) => [`Other${i}`, allowing("s3:GetObject", `s3:Unheard${i}`)]),
    );
    const said = withManaged(role("api"), { ...others, Long: ofSize(700) });
    const fits = (attachments: number): unknown => found(ran(said, { managed: 300, attachments }).db, "fit").at(0);
    expect(fits(6)).toEqual(["split"]);
    expect(fits(5)).toEqual(["does-not-fit"]);
  });

  test("says of what does not fit how many policies it takes, how many there may be, and what costs most", () => {
    const said = withManaged(role("api"), { Long: ofSize(700), Other: allowing("s3:GetObject") });
    const { db } = ran(said, { managed: 300, attachments: 3 });
    expect(readMisfit(db, managedPolicy("Long", null).key, role("api").arn, 3)).toMatchObject({
      partsNeeded: 3,
      partsAllowed: 2,
      statements: [{ statement: 0, sid: null }],
    });
    expect(readMisfit(db, managedPolicy("Other", null).key, role("api").arn, 3)).toBeUndefined();
    const stuck = ran(withManaged(role("api"), { Stuck: uncuttable(400) }), { managed: 300 });
    expect(readMisfit(stuck.db, managedPolicy("Stuck", null).key, role("api").arn, 3)?.partsNeeded).toBeNull();
  });

  test("counts an attached policy that no export shows, since it stays attached", () => {
    const unseen = managedPolicy("Unseen", null);
    const said = together(withManaged(role("api"), { Long: ofSize(700) }), {
      policies: [unseen],
      attachments: [{ principalArn: role("api").arn, policyKey: unseen.key }],
    });
    expect(found(ran(said, { managed: 300, attachments: 4 }).db, "fit")).toEqual([["split"]]);
    expect(found(ran(said, { managed: 300, attachments: 3 }).db, "fit")).toEqual([["does-not-fit"]]);
  });

  test("moves the fewest inline policies out, and counts them no more", () => {
    const said = withInline(role("web"), ofSize(200), ofSize(400, "b"), ofSize(300, "c"));
    const { db } = ran(said, { roleInline: 600 });
    expect(found(db, SIZES.replace("size_before, ", ""))).toEqual([
      ["inline-1", 500, 600, "prefixes", "fits", null],
      ["inline-2", 500, 600, "prefixes", "split", 1],
      ["inline-3", 500, 600, "prefixes", "fits", null],
    ]);
    expect(rows(db, "SELECT made_as FROM recommendations WHERE fit = 'split'")).toEqual([
      { made_as: "customer managed copy" },
    ]);
  });

  test("does not split a shared policy in place, but the copies for its principals", () => {
    const shared = managedPolicy("Shared", ofSize(700));
    const who = [role("api"), role("web")];
    const said = {
      principals: who,
      policies: [{ ...shared, attachmentCount: 2 }],
      documents: [ofSize(700)],
      attachments: who.map(({ arn }) => ({ principalArn: arn, policyKey: shared.key })),
    };
    const { db } = ran(said, { managed: 300 });
    expect([...readPolicyRecommendations(db)].map(({ fit, parts, size_limit }) => [fit, parts, size_limit])).toEqual([
      ["does-not-fit", null, 300],
    ]);
    expect(found(db, "fit")).toEqual([["split"], ["split"]]);
    expect(readMisfit(db, shared.key, null, 1)).toMatchObject({ partsNeeded: null, partsAllowed: null });
  });

  test("asks a form at a time, goes by what is answered, and asks again for nothing", () => {
    const { db } = newDatabase(folder);
    const settings = JSON.stringify({ limits: { ...DEFAULT_LIMITS, managed: 300 }, fit: { shortest: 4 } });
    const said = withManaged(role("api"), { Long: ofSize(700) });
    const usage = [finding(role("api"), "f", AUGUST, { sqs: ["DeleteMessage"] })];
    const run = planned(db, [file("export.json", { ...said, usage })], { settings });
    expect(askRungs(db, run, readFitting(db, run.runId))).toEqual({ units: 0, splits: [] });
    expect(openShards(db, run)).toHaveLength(1);
    const done = answered(db, run);
    expect(done.state).toBe("done");
    expect(askRungs(db, run, readFitting(db, run.runId))).toEqual({ units: 0, splits: [] });
    expect(
      rows(
        db,
        "SELECT json_extract(text, '$.fit.form') AS form FROM rung JOIN unit USING (unit_id) JOIN option_set USING (option_set_id) ORDER BY unit_id",
      ),
    ).toEqual([{ form: null }, { form: "inner" }, { form: "characters" }]);
    expect([...readStoredSplits(db)].map(({ parts, texts }) => [parts, texts.length])).toEqual([
      [4, 4],
      [4, 4],
      [3, 3],
    ]);
    expect([...misfitted(db)]).toEqual([]);
  });

  test("comes to the same in a database that has the answers already, whoever asked for them", () => {
    const said = together(
      withInline(role("web"), ofSize(300), ofSize(310, "b")),
      withManaged(role("api"), { Long: ofSize(700) }),
    );
    const { db } = ran(said, { managed: 300, roleInline: 600 });
    const first = found(db, `principal_arn, ${SIZES}, parts`);
    const settings = JSON.stringify({
      limits: { ...DEFAULT_LIMITS, managed: 300, roleInline: 600 },
      fit: { shortest: 4 },
    });
    const usage = (said.principals ?? []).map((who) =>
      finding(who, `of ${who.name}`, AUGUST, { sqs: ["DeleteMessage"] }),
    );
    const units = rows(db, "SELECT count(*) AS n FROM unit");
    const again = planned(db, [file("export.json", { ...said, usage })], { settings, runKey: "again" });
    answered(db, again);
    expect(rows(db, "SELECT count(*) AS n FROM unit")).toEqual(units);
    expect(found(db, `principal_arn, ${SIZES}, parts`)).toEqual(first);
    expect(
      rows(
        db,
        `SELECT unit_id FROM rung WHERE run_id = ${again.runId} EXCEPT SELECT unit_id FROM rung WHERE run_id < ${again.runId}`,
      ),
    ).toEqual([]);
    expect([...misfitted(db)]).toEqual([]);
  });

  test("comes to the same from wherever it was stopped", () => {
    const said = together(
      withInline(role("web"), ofSize(300), ofSize(310, "b")),
      withManaged(role("api"), { Long: ofSize(700) }),
    );
    const settings = JSON.stringify({
      limits: { ...DEFAULT_LIMITS, managed: 300, roleInline: 600 },
      fit: { shortest: 4 },
    });
    const usage = (said.principals ?? []).map((who) =>
      finding(who, `of ${who.name}`, AUGUST, { sqs: ["DeleteMessage"] }),
    );
    const dumps = [0, 1, 2, 3, 4, 5].map((stops) => {
      const { db } = newDatabase(folder);
      const run = planned(db, [file("export.json", { ...said, usage })], { settings });
      expect(answered(db, run, stops).state).toBe(stops === 5 ? "done" : "execute");
      answered(db, run);
      return dump(db);
    });
    for (const one of dumps) expect(one).toEqual(dumps[5]);
  });
});
