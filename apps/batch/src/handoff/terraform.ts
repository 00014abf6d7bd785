import type { HandoffFacts, AttachedPolicy } from "@leastwise/store";
import type { Account, AccountWriter } from "./account-writer.ts";
import { type Change, type Holder, type InlineChange, type SwapChange, type VersionChange, copyArn } from "./change.ts";
import type { OutputFolder } from "./output-folder.ts";
import { fileText, resourceName, templateText } from "./terraform-names.ts";

/** An item of the list that a file in Terraform's JSON syntax may be. */
type Item = Readonly<Record<string, unknown>>;

/** Which of two documents is in place: `-var documents=before` takes back. */
const STAGE = "${var.documents}";
const IS_BEFORE = 'var.documents == "before"';

/**
 * `ACCOUNT/main.tf.json`: import blocks for what is there, resources for what shall be. A resource that nobody declares stays, so what
 * is to go is told by the provider's `…_exclusive` resources, which are imported too: the plan then shows what they take away.
 */
export function terraformOf(folder: OutputFolder, facts: HandoffFacts, account: Account): AccountWriter {
  const file = folder.begin(`${account.accountId}/main.tf.json`);
  /** Swaps of shared policies, by holder: a principal may have one exclusive resource only, so they wait for its own. */
  const waiting = new Map<string, SwapChange[]>();
  let isFirst = true;
  const put = (item: Item): void => {
    file.write(`${isFirst ? "[\n" : ",\n"}${JSON.stringify(item)}`);
    isFirst = false;
  };
  for (const item of settingsOf(account)) put(item);
  return {
    add: (group) => {
      for (const { documents } of group) {
        for (const { path, text } of documents) folder.write(`${account.accountId}/${path}`, text);
      }
      const swaps: SwapChange[] = [];
      for (const change of group) {
        if (change.type === "inline") put(inlineItem(change));
        else if (change.type === "version") put(versionItem(change));
        else {
          for (const item of copyItems(change)) put(item);
          if (isOfSharedPolicy(change)) {
            const { arn } = change.holder;
            waiting.set(arn, [...(waiting.get(arn) ?? []), change]);
          } else swaps.push(change);
        }
      }
      const holder = swaps[0]?.holder;
      if (holder === undefined) return;
      const all = [...(waiting.get(holder.arn) ?? []), ...swaps];
      waiting.delete(holder.arn);
      for (const item of swapItems(holder, all, facts, account)) put(item);
    },
    finish: () => {
      for (const swaps of waiting.values()) {
        for (const item of swapItems(swaps[0]!.holder, swaps, facts, account)) put(item); // each list was made with one in it
      }
      file.write("\n]\n");
      file.finish();
    },
  };
}

function isOfSharedPolicy({ id, stem }: Change & { readonly stem: string }): boolean {
  return id !== stem;
}

function settingsOf({ accountId }: Account): readonly Item[] {
  return [
    {
      terraform: {
        required_version: ">= 1.5.0",
        required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.72.0" } },
      },
    },
    { provider: { aws: { allowed_account_ids: [accountId] } } },
    {
      variable: {
        documents: {
          type: "string",
          default: "after",
          description: "after: as recommended; before: as it was when it was analysed",
          validation: {
            condition: '${contains(["after", "before"], var.documents)}',
            error_message: "Give after or before.",
          },
        },
      },
    },
  ];
}

function inlineItem({ id, holder: { kind, name }, policyName }: InlineChange): Item {
  return imported(
    `aws_iam_${kind}_policy`,
    resourceName(id),
    `${name}:${policyName}`,
    { [kind]: name, name: policyName, policy: fileText(`policies/${id}.${STAGE}.json`) },
    { lifecycle: { prevent_destroy: true } },
  );
}

/** What else AWS knows of the policy is left as it is: to change a description would mean to make the policy anew. */
function versionItem({ id, policyArn }: VersionChange): Item {
  const path = policyArn.slice(policyArn.indexOf(":policy/") + ":policy".length);
  const name = path.slice(path.lastIndexOf("/") + 1);
  return imported(
    "aws_iam_policy",
    resourceName(id),
    policyArn,
    { name, path: path.slice(0, path.lastIndexOf("/") + 1), policy: fileText(`policies/${id}.${STAGE}.json`) },
    { lifecycle: { prevent_destroy: true, ignore_changes: ["description", "tags", "tags_all"] } },
  );
}

/** The copies, where this change is the first that brings them, and their attachments. */
function copyItems(change: SwapChange): readonly Item[] {
  const { id, stem, holder, old, copies, documents } = change;
  return copies.flatMap((name, i): readonly Item[] => {
    const policy = copyName(stem, i);
    const attachment = {
      resource: {
        [attachmentType(holder)]: {
          [attachmentName(id, i)]: { [holder.kind]: holder.name, policy_arn: `\${aws_iam_policy.${policy}.arn}` },
        },
      },
    };
    if (documents.length === 0) return [attachment];
    const made = {
      name,
      path: "/leastwise/",
      description: `Made by Leastwise in place of ${old.slice(old.lastIndexOf("/") + 1)}`,
      policy: fileText(`policies/${stem}.after-${i + 1}.json`),
      tags: { "made-by": "leastwise" },
    };
    return [{ resource: { aws_iam_policy: { [policy]: made } } }, attachment];
  });
}

/** One principal's exclusive lists: without what goes, and after the copies are attached. */
function swapItems(
  holder: Holder,
  swaps: readonly SwapChange[],
  facts: HandoffFacts,
  { partition, accountId }: Account,
): readonly Item[] {
  const { kind, name } = holder;
  const attached = facts.attachedTo(holder.arn);
  const order = swaps.flatMap(({ id, copies }) =>
    copies.map((_, i) => `${attachmentType(holder)}.${attachmentName(id, i)}`),
  );
  const dependsOn = order.length === 0 ? {} : { depends_on: order };
  const inline = swaps.filter(({ how }) => how === "inline");
  const items: Item[] = inline.map((change) => inlineAsBefore(change));
  if (inline.length > 0) {
    const names = keysOf(attached, "inline");
    const after = names.filter((one) => inline.every(({ old }) => old !== one));
    items.push(
      imported(`aws_iam_${kind}_policies_exclusive`, resourceName(`${kind}/${name}`), name, {
        [`${kind}_name`]: name,
        policy_names: beforeOr(names, after),
        ...dependsOn,
      }),
    );
  }
  const copies = swaps.flatMap((change) => change.copies.map((copy) => copyArn(partition, accountId, copy)));
  const gone = new Set(swaps.filter(({ how }) => how === "managed").map(({ old }) => old));
  if (gone.size > 0) {
    const arns = keysOf(attached, "managed");
    const after = arns.filter((arn) => !gone.has(arn));
    items.push(
      imported(`aws_iam_${kind}_policy_attachments_exclusive`, resourceName(`${kind}/${name}`), name, {
        [`${kind}_name`]: name,
        policy_arns: beforeOr([...arns, ...copies], [...after, ...copies]),
        ...dependsOn,
      }),
    );
  }
  return items;
}

/** An inline policy that goes: declared only while everything is to be as before. */
function inlineAsBefore({ id, stem, holder: { kind, name }, old }: SwapChange): Item {
  return {
    resource: {
      [`aws_iam_${kind}_policy`]: {
        [resourceName(id)]: {
          count: `\${${IS_BEFORE} ? 1 : 0}`,
          [kind]: name,
          name: old,
          policy: fileText(`policies/${stem}.before.json`),
        },
      },
    },
  };
}

function keysOf(attached: readonly AttachedPolicy[], how: SwapChange["how"]): readonly string[] {
  return attached
    .filter(({ kind }) => (kind === "inline") === (how === "inline"))
    .map(({ key, name }) => (how === "inline" ? name : key));
}

/** A quote or backslash, which the path in an ARN may hold, is escaped in HCL as it is in JSON. */
function beforeOr(before: readonly string[], after: readonly string[]): string {
  return `\${${IS_BEFORE} ? ${listText(before)} : ${listText(after)}}`;
}

function listText(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(templateText(value))).join(", ")}]`;
}

function imported(type: string, name: string, id: string, values: Item, more: Item = {}): Item {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    LITERAL.has(key) ? templateText(String(value)) : value,
  ]);
  return {
    import: [{ to: `${type}.${name}`, id: templateText(id) }],
    resource: { [type]: { [name]: { ...(Object.fromEntries(texts) as Item), ...more } } }, // entries of an Item give one
  };
}

/** Arguments whose text comes from AWS; the others are expressions made here. */
const LITERAL: ReadonlySet<string> = new Set(["path"]);

function attachmentType({ kind }: Holder): string {
  return `aws_iam_${kind}_policy_attachment`;
}

function attachmentName(id: string, i: number): string {
  return resourceName(`${id}/${i + 1}`);
}

function copyName(stem: string, i: number): string {
  return resourceName(`${stem}/${i + 1}`);
}
