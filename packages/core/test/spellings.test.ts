import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../src/policy/document.ts";
import { DEFAULT_OPTIONS } from "../src/refine/options.ts";
import { refinePolicy } from "../src/refine/policy.ts";
import { resolveUnused } from "../src/refine/resolved-unused.ts";
import { spelledEntries, spelledPolicy, spelledUnused, spellingOf } from "../src/spelling/spellings.ts";
import { type Unused, unusedOf } from "../src/unused/unused.ts";
import { Verifier } from "../src/verify/verifier.ts";
import { catalogOf } from "./catalog.ts";

const ALL = ["s3:GetObject", "s3:GetObjectAcl", "s3:ListBucket", "sqs:SendMessage"];
const FEW = ["s3:GetObjectAcl", "s3:PutObject", "sqs:SendMessage"];

const POLICY: PolicyDocument = {
  Statement: [
    { Effect: "Allow", Action: ["s3:Get*", "s3:GetObject", "s3:Get*"] },
    { Effect: "Deny", Action: "s3:PutObject" },
    { Effect: "Allow", NotAction: "sqs:*" },
  ],
};

describe("spellings", () => {
  it("are one for each text", () => {
    const [first, deny, third] = spelledPolicy(POLICY).statements;
    expect(first?.entries.map(({ text }) => text)).toEqual(["s3:Get*", "s3:GetObject", "s3:Get*"]);
    expect(first?.entries[0]).toBe(first?.entries[2]);
    expect(first?.entries[0]).toBe(spellingOf(["s3:Get", "*"].join("")));
    expect(spellingOf("S3:Get*")).not.toBe(spellingOf("s3:Get*")); // case is as it is spelled
    expect([first?.allows, deny?.allows, third?.allows]).toEqual([true, false, true]);
    expect([deny?.entries, third?.isNot, third?.entries.map(({ text }) => text)]).toEqual([[], true, ["sqs:*"]]);
  });

  it("of names are one for each service and name", () => {
    const unused = unusedOf([
      { service: "s3", actions: ["ListBucket", "Tag"] },
      { service: "sqs", actions: ["Tag"] },
    ]);
    const again = structuredClone(unused);
    expect(spelledUnused(unused).map(({ service, names }) => [service.text, names.map(({ text }) => text)])).toEqual([
      ["s3", ["listbucket", "tag"]],
      ["sqs", ["tag"]],
    ]);
    expect(spelledUnused(again)[0]?.names[1]).toBe(spelledUnused(unused)[0]?.names[1]);
    expect(spelledUnused(unused)[1]?.names[0]).not.toBe(spelledUnused(unused)[0]?.names[1]);
  });

  it("of which readers of several catalogs take turns mean for each what they mean in its own", () => {
    const unused = unusedOf([
      { service: "s3", actions: ["GetObject", "PutObject"] },
      { service: "sqs", actions: null },
    ]);
    const catalogs = [ALL, FEW].map((actions) => ({ trie: catalogOf(actions), verifier: new Verifier(actions) }));
    const turns = [...catalogs, ...catalogs].map(({ trie, verifier }) => {
      const {
        policy: after,
        recommendedAction,
        changes,
        grants,
      } = refinePolicy(trie, resolveUnused(trie, unused), DEFAULT_OPTIONS, POLICY);
      const claim = { before: POLICY, after, recommendedAction, unused, changes };
      return { after, grants, verdict: verifier.verify(claim), granted: verifier.granted(POLICY, unused) };
    });
    expect(turns.map(({ verdict }) => verdict.violations)).toEqual([[], [], [], []]);
    expect(turns.slice(2)).toEqual(turns.slice(0, 2));
    expect(turns[0]?.grants).toEqual({ before: 3, removed: 1, after: 2 });
    expect(turns[1]?.grants).toEqual({ before: 2, removed: 1, after: 1 });
    expect(turns.map(({ verdict, grants }) => [verdict.grants, grants]).every(([a, b]) => a?.after === b?.after)).toBe(
      true,
    );
  });

  it("are forgotten beyond what is remembered, and nobody can tell", () => {
    const trie = catalogOf(ALL);
    const resolve = (names: readonly string[]): readonly number[] => {
      const unused: Unused = [{ service: "s3", whole: false, names }];
      return resolveUnused(trie, unused).ids;
    };
    const before = resolve(["getobject", "listbucket"]);
    expect(resolve(Array.from({ length: 120_000 }, (_, i) => `made${i}`))).toEqual([]);
    expect(resolve(["getobject", "listbucket"])).toEqual(before);
    expect(before).toEqual([0, 1, 2, 3]);
  });

  it("are not believed by a verifier: what has changed since the refiner looked is what it reads", () => {
    const action = ["s3:GetObject"];
    const policy: PolicyDocument = { Statement: { Effect: "Allow", Action: action } };
    const trie = catalogOf(ALL);
    const unused = unusedOf([{ service: "sqs", actions: null }]);
    const resolved = resolveUnused(trie, unused);
    const { recommendedAction } = refinePolicy(trie, resolved, DEFAULT_OPTIONS, policy);
    const claim = { before: policy, after: policy, recommendedAction, unused };
    expect(new Verifier(ALL).verify(claim).violations).toEqual([]);
    action[0] = "sqs:SendMessage";
    expect(new Verifier(ALL).verify(claim).violations).not.toEqual([]);
    action[0] = "s3:GetObject";
    action.push("sqs:*");
    expect(new Verifier(ALL).verify(claim).violations).not.toEqual([]);
    expect(new Verifier(ALL).verify({ ...claim, unused: [] }).violations).toEqual([]);
  });

  it("of U are not believed either", () => {
    const names = ["listbucket"];
    const unused: Unused = [{ service: "s3", whole: false, names }];
    resolveUnused(catalogOf(ALL), unused);
    const verifier = new Verifier(ALL);
    expect(verifier.granted(POLICY, unused).removed).toEqual([2, 3]);
    verifier.granted(POLICY, []); // so that it reads U anew, with what it has left on the spellings itself
    names[0] = "getobject";
    expect(verifier.granted(POLICY, unused).removed).toEqual([0, 1]);
  });

  it("of U's services are not believed either, with names or whole", () => {
    const both = { Statement: { Effect: "Allow", Action: ["s3:*", "sqs:*"] } } as const;
    const tag = ["s3:Tag", "sqs:Tag"];
    for (const [whole, names] of [
      [false, ["tag"]],
      [true, []],
    ] as const) {
      const line = { service: "s3", whole, names };
      const unused: Unused = [line];
      const verifier = new Verifier(tag);
      expect(verifier.granted(both, unused).removed).toEqual([0, 1]);
      verifier.granted(both, []);
      line.service = "sqs"; // in the same U, whose spellings are those of S3
      expect(verifier.granted(both, unused).removed).toEqual([1, 2]);
    }
  });

  it("are found behind whatever stood there last time, and behind anything else", () => {
    const lists = [
      ["s3:Get*", "s3:GetObject", "sqs:*"],
      ["s3:Get*", "sqs:*", "s3:GetObject", "s3:Get*"],
      [],
      ["sqs:*"],
    ];
    for (let turn = 0; turn < 2; turn++) {
      for (const list of lists) {
        const spelled = spelledEntries([...list]);
        expect(spelled.map(({ text }) => text)).toEqual(list);
        expect(spelled.map((each, i) => each === spellingOf(list[i]!))).toEqual(list.map(() => true)); // i is inside
      }
      for (const list of lists) {
        const [service] = spelledUnused([{ service: "s3", whole: false, names: [...list] }]);
        expect(service?.names.map(({ text }) => text)).toEqual(list);
      }
    }
  });

  it("mean the same after many catalogs", () => {
    const [trie, verifier] = [catalogOf(ALL), new Verifier(ALL)];
    const unused = unusedOf([{ service: "s3", actions: ["GetObject"] }]);
    const answer = (): unknown => {
      const {
        policy: after,
        recommendedAction,
        changes,
      } = refinePolicy(trie, resolveUnused(trie, structuredClone(unused)), DEFAULT_OPTIONS, structuredClone(POLICY));
      return [after, verifier.verify({ before: POLICY, after, recommendedAction, unused, changes })];
    };
    const first = answer();
    for (let i = 0; i < 70; i++) {
      const others = new Verifier([`s3:GetObject${i}`, ...FEW]);
      expect(others.granted(POLICY, unused).removed).toEqual([]);
      expect(answer()).toEqual(first);
    }
  });
});
