import { expect, test } from "vitest";
import { handoffFacts } from "../src/index.ts";
import {
  allowing,
  answered,
  file,
  inlinePolicy,
  managedPolicy,
  newDatabase,
  planned,
  role,
  temporaryFolder,
} from "./organization.ts";

const folder = temporaryFolder();
const document = allowing("s3:Get*");
const [a, b] = [role("a", { boundaryArn: managedPolicy("Boundary", document).key }), role("AWSReservedSSO_b_1")];
const shared = { ...managedPolicy("Shared", document), attachmentCount: 7, boundaryCount: 0 };
const counted = { ...managedPolicy("Counted", document), boundaryCount: 1 };
const [boundary, plain] = [
  managedPolicy("Boundary", document),
  { ...managedPolicy("Plain", document), attachmentCount: null },
];
const inline = inlinePolicy(a, "own", document);
const attachments = [
  ...[shared, counted, boundary, plain, inline].map(({ key }) => ({ principalArn: a.arn, policyKey: key })),
  { principalArn: b.arn, policyKey: shared.key },
];

const { db } = newDatabase(folder);
const policies = [shared, counted, boundary, plain, inline];
answered(db, planned(db, [file("export.json", { principals: [a, b], policies, documents: [document], attachments })]));
const facts = handoffFacts(db);

test("how a managed policy stands: who has it, how many AWS counts, whether it bounds anybody", () => {
  expect(facts.standingOf(shared.key)).toEqual({ holders: 2, attachmentCount: 7, isBoundary: false });
  expect(facts.standingOf(plain.key)).toEqual({ holders: 1, attachmentCount: null, isBoundary: false });
  expect(facts.standingOf(counted.key).isBoundary).toBe(true); // AWS counts it
  expect(facts.standingOf(boundary.key).isBoundary).toBe(true); // a principal names it
  expect(facts.standingOf("arn:aws:iam::123456789012:policy/Nobody")).toEqual({
    holders: 0,
    attachmentCount: null,
    isBoundary: false,
  });
});

test("whose principals are AWS's own, and everything that one has", () => {
  expect([facts.markOf(a.arn), facts.markOf(b.arn), facts.markOf("arn:aws:iam::123456789012:role/nobody")]).toEqual([
    null,
    "identity-center",
    null,
  ]);
  expect(facts.attachedTo(a.arn).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "customer Boundary",
    "customer Counted",
    "customer Plain",
    "customer Shared",
    "inline own",
  ]);
  expect(facts.attachedTo(b.arn)).toEqual([{ key: shared.key, kind: "customer", name: "Shared" }]);
});

test("which names an account's policies have, in any case; inline ones have none there", () => {
  expect(facts.isNameTaken("123456789012", "sHARED")).toBe(true);
  expect(facts.isNameTaken("123456789012", "own")).toBe(false);
  expect(facts.isNameTaken("999999999999", "Shared")).toBe(false);
});
