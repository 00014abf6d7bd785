import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCatalog } from "@leastwise/catalog";
import { fold, includes, matches, parsePattern, remainders } from "@leastwise/core";
import {
  readDocument,
  readEvidence,
  readIamCollect,
  readLargeJson,
  readLinesInParts,
  readUnusedAlone,
  startsAsLargeJson,
  startsAsLines,
} from "@leastwise/evidence";
import { refuseUnlessQuestion } from "@leastwise/store";
import { readSettings } from "leastwise/dist/config/read-settings.js";
import { Failure } from "leastwise/dist/exit-code.js";
import type { Random } from "../random.ts";
import { JSON_KINDS } from "./json-kinds.ts";
import { mutated } from "./mutate.ts";

const DATA = fileURLToPath(new URL("../../../test-data/", import.meta.url));
/** Larger files would take too long for the number of inputs that there are to be. */
const LARGEST_SEED = 24 * 1024;

/** A parser with what it is given. */
export interface Target {
  readonly name: string;
  /** How many of a thousand inputs are for it. */
  readonly share: number;
  readonly input: (random: Random) => Buffer;
  /**
   * What becomes of an input: `read`, or the codes with which it was refused. Throws where the parser does, or where it breaks a rule that
   * holds for whatever it is given.
   */
  readonly run: (input: Buffer) => Promise<readonly string[]> | readonly string[];
}

const READ: readonly string[] = ["read"];

/** @param scratch a folder for the parsers that take paths */
export function targetsIn(scratch: string): readonly Target[] {
  const path = join(scratch, "input.json");
  const kinds = Object.values(JSON_KINDS).flatMap((texts) => texts.map((text) => Buffer.from(text)));
  const files = [...filesOf("orgs"), ...filesOf("golden"), ...kinds];
  return [
    {
      name: "evidence",
      share: 285,
      input: of(files),
      run: (input) => {
        const { kinds: known, diagnostics } = readEvidence("fuzz.json", input);
        if (known.length + diagnostics.length === 0) throw new Error("nothing is said of the file");
        return codesOf(diagnostics);
      },
    },
    {
      name: "store",
      share: 40,
      input: of([...often(STORE_PARTS), ...kinds]),
      run: (input) => {
        const names = ["metadata.json", "inline-policies.json", "groups.json", "tags.json", "current-policy.json"];
        const parts = names.map((name) => ({ path: `role/x/${name}`, file: input }));
        return codesOf(readIamCollect("role/x", parts).diagnostics);
      },
    },
    {
      name: "large",
      share: 25,
      input: of(files),
      run: async (input) => {
        writeFileSync(path, input);
        const said: { readonly code: string; readonly message: string }[] = [];
        if (await startsAsLines(path))
          for await (const { diagnostics } of readLinesInParts(path)) said.push(...diagnostics);
        if (await startsAsLargeJson(path))
          for await (const { diagnostics } of readLargeJson(path, 512)) said.push(...diagnostics);
        return codesOf(said);
      },
    },
    {
      name: "policy",
      share: 250,
      input: of([...often(POLICIES), ...kinds]),
      run: (input) => {
        const text = input.toString();
        const list = readUnusedAlone(text);
        if (!("unused" in list) && list.message === "") throw new Error("a list is refused without a reason");
        const document = readDocument(text);
        if (!("record" in document)) return codesOf([document]);
        if (JSON.stringify(JSON.parse(document.record.text)) !== document.record.text)
          throw new Error("the document is not minified");
        return READ;
      },
    },
    {
      name: "pattern",
      share: 160,
      input: of(PATTERNS),
      run: (input) => {
        const [text = "", name = "s3:GetObject"] = input.subarray(0, 600).toString().split("\n");
        const pattern = parsePattern(text);
        const folded = fold(name);
        const isMatch = matches(pattern, folded);
        const prefix = name.slice(0, name.length >> 1);
        const rest = folded.slice(prefix.length);
        const left = remainders(pattern, prefix).some((remainder) => matches(parsePattern(remainder), rest));
        if (left !== isMatch)
          throw new Error(`\`${text}\` and its remainders behind \`${prefix}\` disagree on \`${name}\``);
        if (isMatch && !/[*?]/.test(name) && includes(name, text) && fold(text) !== folded && !/^\*+$/.test(text)) {
          throw new Error(`\`${name}\` is said to include \`${text}\``);
        }
        return [isMatch ? "matches" : "does-not-match"];
      },
    },
    {
      name: "sql",
      share: 150,
      input: of(QUESTIONS),
      run: (input) => {
        try {
          refuseUnlessQuestion(input.toString());
          return READ;
        } catch (error) {
          return [codeOf(error)];
        }
      },
    },
    {
      name: "catalog",
      share: 40,
      input: of([...often(CATALOGS), ...kinds]),
      run: (input) => {
        writeFileSync(path, input);
        try {
          loadCatalog(path);
          return READ;
        } catch (error) {
          return [codeOf(error)];
        }
      },
    },
    {
      name: "config",
      share: 50,
      input: of([...often(CONFIGS), ...kinds]),
      run: (input) => {
        writeFileSync(path, input);
        try {
          readSettings(path, scratch, {});
          return READ;
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          if (error.message === "") throw new Error("a configuration is refused without a reason", { cause: error });
          return [`exit-${error.exitCode}`];
        }
      },
    },
  ];
}

/** Inputs made of these. */
function of(seeds: readonly Buffer[]): (random: Random) => Buffer {
  return (random) => mutated(random, seeds);
}

/** Codes, each once, of what is said in the house's way. */
function codesOf(said: readonly { readonly code: string; readonly message: string }[]): readonly string[] {
  for (const { code, message } of said) {
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(code) || message === "")
      throw new Error(`\`${code}\` is no code, or says nothing`);
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(message))
      throw new Error(`the message of \`${code}\` has characters that are not to be seen`);
  }
  return said.length === 0 ? READ : [...new Set(said.map(({ code }) => code))];
}

/** The code of an error of this program's; anything else is thrown on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && /^(?:Catalog|Store)Error$/.test(error.name) && "code" in error)
    return String(error.code);
  throw error;
}

/** So that right inputs are as many as JSON texts of all kinds. */
function often(seeds: readonly Buffer[]): readonly Buffer[] {
  return Array.from({ length: 20 }, () => seeds).flat();
}

function filesOf(folder: string): readonly Buffer[] {
  return readdirSync(join(DATA, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:json|jsonl)(?:\.gz)?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .map((file) => file.subarray(0, LARGEST_SEED));
}

const POLICY = {
  Version: "2012-10-17",
  Id: "x",
  Statement: [
    { Sid: "A", Effect: "Allow", Action: ["s3:Get*", "s3:*Tagging", "sqs:?end*"], Resource: "*" },
    {
      Effect: "Deny",
      NotAction: "iam:*",
      NotResource: [],
      Condition: { NumericLessThan: { "aws:MultiFactorAuthAge": 3600 } },
    },
  ],
};
const POLICIES = [
  JSON.stringify(POLICY),
  JSON.stringify(POLICY, null, 2),
  encodeURIComponent(JSON.stringify(POLICY)),
  '[{"serviceNamespace":"s3","actions":["GetBucketAcl"]},{"serviceNamespace":"sqs"}]',
].map((text) => Buffer.from(text));
const STORE_PARTS = [
  '{"arn":"arn:aws:iam::123456789012:role/x","id":"AROAX"}',
  `[{"PolicyName":"p","PolicyDocument":${JSON.stringify(POLICY)}}]`,
  '["arn:aws:iam::123456789012:group/g"]',
  '[{"Key":"team","Value":"a"}]',
  JSON.stringify(POLICY),
].map((text) => Buffer.from(text));
const PATTERNS = [
  "s3:Get*\ns3:GetObject",
  "*\nsqs:SendMessage",
  "s3:*Tagging\ns3:PutObjectTagging",
  "*:*Object*\ns3:GetObjectAcl",
  "s3:?et*\ns3:SetX",
  "*e????e*\ns3:GetObject",
  "*?*?*\na:b",
  "s3:getobject\ns3:GetObject",
  "\u212Amd:*\nkmd:X",
  "**a**\ns3:a",
  "*aab\ns3:aaab",
  "*a?a*\na:baaa",
].map((text) => Buffer.from(text));
const QUESTIONS = [
  "SELECT principal_arn, count(*) FROM recommendations WHERE policy_name LIKE '%''%' GROUP BY 1 -- most",
  'WITH x AS (SELECT "a""b", [c], `d` FROM t) SELECT * FROM x /* all */ ORDER BY 1 LIMIT 5;',
  "EXPLAIN QUERY PLAN SELECT x'00ff', :name, ?1, 1.5e-3, replace(a, 'b', 'c') FROM pragma_table_info('t')",
  "VALUES (1, 'two'), (3, NULL)",
].map((text) => Buffer.from(text));
const CATALOGS = [
  '{"s3":["GetObject","PutObject"],"sqs":{"Write":["SendMessage"],"Read":["ReceiveMessage"]}}',
  '{"Name":"s3","Version":"v1.4","Actions":[{"Name":"GetObject","Annotations":{"Properties":{"IsList":false,"IsWrite":false}}}]}',
].map((text) => Buffer.from(text));
const CONFIGS = [
  '{"protected":["iam:*"],"exclude":{"accounts":["123456789012"],"principals":["*admin*"],"tags":{"keep":["yes"]},"sids":["Keep"]}}',
  '{"windows":{"default":90,"cloudtrail":null},"maxAge":30,"minAge":7,"asOf":"2026-09-01","granularity":{"default":"word","s3":"exact"}}',
  '{"limits":{"managed":6144},"fit":{"shortest":4}}',
].map((text) => Buffer.from(text));
