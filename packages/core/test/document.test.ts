import { expect, it } from "vitest";
import { type Statement, entriesOf, statementsOf } from "../src/policy/document.ts";

const read: Statement = { Effect: "Allow", Action: "s3:Get*", Resource: "*" };
const write: Statement = { Effect: "Allow", Action: "s3:Put*", Resource: "*" };

it("a policy's statements are a list, whether it holds a list or one", () => {
  expect(statementsOf({ Statement: [read, write] })).toEqual([read, write]);
  expect(statementsOf({ Statement: read })).toEqual([read]);
  expect(statementsOf({ Statement: [] })).toEqual([]);
});

it("an element's entries are a list, whether it holds a list, one or is absent", () => {
  expect(entriesOf(["s3:Get*", "s3:Put*"])).toEqual(["s3:Get*", "s3:Put*"]);
  expect(entriesOf("s3:Get*")).toEqual(["s3:Get*"]);
  expect(entriesOf(undefined)).toEqual([]);
});
