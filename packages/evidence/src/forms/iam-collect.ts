import type { Evidence } from "@leastwise/core";
import { z } from "zod";
import { parsePolicyArn, parsePrincipalArn } from "../arn.ts";
import { Draft } from "../draft.ts";
import { quoted } from "../fields.ts";
import { parseOne } from "../json.ts";
import { decodeWithBytes } from "../text.ts";
import { firstIssue } from "../zod-issue.ts";
import { addDocument, addInlinePolicy, attachManagedPolicy, managedPolicyRecord } from "./policies.ts";

/**
 * A store of iam-collect: a folder for each role, user, group and policy, with a file for each thing that is known of it. Paths are
 * lower-cased and encoded; the real names stand in `metadata.json`. Source: its documentation, "Storage Layout Explained" and
 * "Filesystem Structure".
 */
const KIND = "iam-collect store";

const LAYOUT =
  /^(.*?(?:^|\/)aws\/aws[\w-]*)\/accounts\/(?:\d{12}|aws)\/iam\/(?:aws\/)?(?:role|user|group|policy)\/[^/]+\/[^/]+\.json$/;
const STORE_PARTS = /^\/(?:accounts|organizations|indexes)\//;

const METADATA = "metadata.json";
const KNOWN: ReadonlySet<string> = new Set([
  METADATA,
  "inline-policies.json",
  "managed-policies.json",
  "current-policy.json",
  "policy.json",
  "groups.json",
  "tags.json",
]);

const metadata = z.looseObject({ arn: z.string(), id: z.string().nullish() });
const inlinePolicies = z
  .array(z.looseObject({ PolicyName: z.string(), PolicyDocument: z.unknown().optional() }))
  .nullable();
const managedPolicies = z.array(z.union([z.string(), z.looseObject({ PolicyArn: z.string() })])).nullable();
const groups = z.array(z.union([z.string(), z.looseObject({ GroupName: z.string() })])).nullable();
const tags = z
  .union([z.array(z.looseObject({ Key: z.string(), Value: z.string().nullish() })), z.record(z.string(), z.string())])
  .nullable();

/** A file of a folder that is read as one thing. */
export interface FolderPart {
  readonly path: string;
  readonly file: Uint8Array;
}

/**
 * The store (`…/aws/<partition>`) that a file of a role, user, group or policy lies in, by its whole path with `/` between the
 * parts; undefined for all other files.
 */
export function iamCollectStore(path: string): string | undefined {
  return LAYOUT.exec(path)?.[1];
}

/** Whether a file inside a store belongs to it, whatever it tells of. */
export function isInStore(store: string, path: string): boolean {
  return path.startsWith(store) && STORE_PARTS.test(path.slice(store.length));
}

/** Whether a file of such a folder is one that is read. */
export function isIamCollectPart(path: string): boolean {
  return KNOWN.has(nameOf(path));
}

/**
 * Everything that the folder of one role, user, group or policy says. Diagnostics bear the paths of the parts.
 *
 * @param unreadable paths of parts that are there and could not be read
 */
export function readIamCollect(
  folder: string,
  parts: readonly FolderPart[],
  unreadable: readonly string[] = [],
): Evidence {
  const draft = new Draft(folder);
  draft.recognised(KIND);
  const read = reader(draft, parts);
  for (const path of unreadable) damagedPart(draft, path);
  if (!parts.some(({ path }) => nameOf(path) === METADATA)) {
    const message = `there is no \`${METADATA}\` in the folder, so nobody knows whose it is`;
    draft.refuse("missing-metadata", "", message, "run `iam-collect download` again");
    damagedPart(draft, `${folder}/${METADATA}`);
    return draft.finish();
  }
  read(METADATA, metadata, (part, { arn, id }) => {
    if (parsePrincipalArn(arn) !== undefined) return readPrincipal(draft, read, arn, id ?? "");
    if (parsePolicyArn(arn) !== undefined) return readPolicy(draft, read, arn);
    const message = `${quoted(arn)} is no ARN of a role, user, group or policy`;
    part.refuse("wrong-shape", "/arn", message, "run `iam-collect download` again");
    damagedPart(part, part.path);
  });
  return draft.finish();
}

/** Reads one part into a draft of its own, which the folder's takes over; gives whether it was there. */
type Read = <T extends z.ZodType>(name: string, schema: T, use: (part: Draft, value: z.infer<T>) => void) => boolean;

function reader(draft: Draft, parts: readonly FolderPart[]): Read {
  return (name, schema, use) => {
    const found = parts.find(({ path }) => nameOf(path) === name);
    if (found === undefined) return false;
    const part = new Draft(found.path);
    const value = parsed(part, found.file);
    if (value === undefined) damagedPart(part, found.path);
    else {
      const checked = schema.safeParse(value.value);
      if (checked.success) use(part, checked.data);
      else {
        damagedPart(part, found.path);
        const issue = firstIssue(checked.error);
        part.refuse("wrong-shape", issue.pointer, issue.message, "run `iam-collect download` again");
      }
    }
    draft.take(part.finish());
    return true;
  };
}

function parsed(part: Draft, file: Uint8Array): { readonly value: unknown } | undefined {
  const decoded = decodeWithBytes(file);
  const result = "text" in decoded ? parseOne(decoded.text, decoded.bytes) : { ...decoded, pointer: "" };
  if ("value" in result) return result;
  part.refuse(result.code, result.pointer, result.message, "run `iam-collect download` again");
  return undefined;
}

/** What is not known where one of these cannot be read: who it is, which groups it is in, which policies it has. */
const TELLS_WHO: ReadonlyMap<string, string> = new Map([
  [METADATA, "a folder of its store does not tell whose it is"],
  ["groups.json", "the groups of a user cannot be read"],
  ["managed-policies.json", "the policies of a principal cannot be read"],
]);

const OF_PRINCIPAL = /(?:^|\/)accounts\/(\d{12})\/iam\/(?:role|user|group)\/[^/]+\/[^/]+$/;

/** Notes that somebody in the account is not known whole, where the part of a principal's folder would have told. */
function damagedPart(draft: Draft, path: string): void {
  const [, accountId] = OF_PRINCIPAL.exec(path) ?? [];
  const reason = TELLS_WHO.get(nameOf(path));
  if (accountId !== undefined && reason !== undefined)
    draft.incompleteAccounts.push({ accountId, principalArn: null, reason });
}

function readPrincipal(draft: Draft, read: Read, arn: string, uniqueId: string): void {
  const parts = parsePrincipalArn(arn)!; // the caller has asked
  const groupNames: string[] = [];
  const principalTags: { key: string; value: string }[] = [];
  read("groups.json", groups, (_, list) => {
    for (const item of list ?? []) groupNames.push(typeof item === "string" ? nameOf(item) : item.GroupName);
  });
  read("tags.json", tags, (_, list) => {
    if (Array.isArray(list)) for (const { Key, Value } of list) principalTags.push({ key: Key, value: Value ?? "" });
    else for (const [key, value] of Object.entries(list ?? {})) principalTags.push({ key, value });
  });
  draft.principals.push({
    arn,
    ...parts,
    uniqueId,
    createdAt: null,
    lastUsedAt: null,
    boundaryArn: null,
    tracksLastUse: false,
    groups: groupNames,
    tags: principalTags,
  });
  read("inline-policies.json", inlinePolicies, (part, list) => {
    (list ?? []).forEach(({ PolicyName, PolicyDocument }, index) => {
      addInlinePolicy(
        part,
        { arn, accountId: parts.accountId },
        PolicyName,
        PolicyDocument,
        `/${index}/PolicyDocument`,
      );
    });
  });
  read("managed-policies.json", managedPolicies, (part, list) => {
    (list ?? []).forEach((item, index) => {
      const isText = typeof item === "string";
      attachManagedPolicy(part, arn, isText ? item : item.PolicyArn, isText ? `/${index}` : `/${index}/PolicyArn`);
    });
  });
}

function readPolicy(draft: Draft, read: Read, arn: string): void {
  const record = managedPolicyRecord(arn)!; // the caller has asked
  const use = (part: Draft, document: unknown): void => {
    const documentSha256 = addDocument(part, document, "");
    if (documentSha256 !== null) part.addPolicy({ ...record, documentSha256 });
  };
  if (read("current-policy.json", z.unknown(), use) || read("policy.json", z.unknown(), use)) return;
  const message = `the document of \`${arn}\` is not in its folder`;
  draft.refuse("missing-default-version", "", message, "run `iam-collect download` again");
}

/** What follows the last slash, of a path or of an ARN. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
