import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jmespath } from "./jmespath.ts";

export interface Version {
  readonly id: string;
  /** As it was sent, spaces and all. */
  readonly text: string;
  readonly created: number;
}

export interface ManagedPolicy {
  versions: Version[];
  standard: string;
  next: number;
  boundaries: number;
}

export interface StubPrincipal {
  readonly inline: Map<string, string>;
  readonly attached: Set<string>;
}

export interface Reply {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What IAM refuses, by its own code. */
class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

/** How a call fails: before it has done anything, or after it has, its answer lost. */
export interface Failing {
  readonly call: number;
  readonly when: "before" | "after";
}

type Words = Readonly<Record<string, string>>;

const NAME = /^[\w+=,.@-]{1,128}$/;
const INLINE_LIMIT: Words = { role: "10240", user: "2048", group: "5120" };
const GLOBAL = new Set(["query", "output"]);

/** A small IAM of one account, with the rules that matter here, behind the words of the AWS CLI. */
export class StubIam {
  account = "123456789012";
  partition = "aws";
  quota = 10;
  readonly principals = new Map<string, StubPrincipal>();
  readonly policies = new Map<string, ManagedPolicy>();
  /** Every call, its words as they came. */
  readonly calls: (readonly string[])[] = [];
  /** Of these, the ones that may change something. */
  readonly writes: string[] = [];
  failing: Failing | undefined;
  /** Looks at the state after every call. */
  watch: (() => void) | undefined;

  principal(key: string): StubPrincipal {
    const there = this.principals.get(key) ?? { inline: new Map<string, string>(), attached: new Set<string>() };
    this.principals.set(key, there);
    return there;
  }

  /** A managed policy with these documents as its versions, the last of them the default. */
  managed(arn: string, ...documents: readonly unknown[]): string {
    const versions = documents.map((document, i) => ({
      id: `v${i + 1}`,
      text: typeof document === "string" ? document : JSON.stringify(document),
      created: i + 1,
    }));
    this.policies.set(arn, { versions, standard: `v${versions.length}`, next: versions.length + 1, boundaries: 0 });
    return arn;
  }

  /** What counts: the state without policies' other versions. */
  standing(): unknown {
    return this.#state(false);
  }

  /** Everything that can be told of the state, documents as values: equal when nothing differs but versions' numbers and spaces. */
  snapshot(): unknown {
    return this.#state(true);
  }

  #state(withOthers: boolean): unknown {
    return {
      principals: [...this.principals]
        .sort(byKey)
        .map(([key, { inline, attached }]) => [
          key,
          [...inline].sort(byKey).map(([name, text]) => [name, JSON.parse(text) as unknown]),
          [...attached].sort(),
        ]),
      policies: [...this.policies].sort(byKey).map(([arn, { versions, standard }]) => ({
        arn,
        standard: valuesOf(versions.filter(({ id }) => id === standard).map(({ text }) => text)),
        others: valuesOf(
          versions
            .filter(({ id }) => withOthers && id !== standard)
            .map(({ text }) => JSON.stringify(JSON.parse(text)))
            .sort(),
        ),
      })),
    };
  }

  /** The documents that a principal's permissions come from. */
  effective(key: string): readonly unknown[] {
    const { inline, attached } = this.principal(key);
    return [...inline.values(), ...[...attached].map((arn) => this.#standardText(arn))].map(
      (text) => JSON.parse(text) as unknown,
    );
  }

  /** What `aws WORDS…`, run in a folder, does and prints. */
  answer(words: readonly string[], folder: string): Reply {
    this.calls.push(words);
    const fails = this.failing?.call === this.calls.length ? this.failing.when : undefined;
    const lost: Reply = { code: 255, out: "", err: "\nCould not connect to the endpoint URL\n" };
    if (fails === "before") return lost;
    const reply = this.#reply(words, folder);
    this.watch?.();
    return fails === "after" ? lost : reply;
  }

  #reply(words: readonly string[], folder: string): Reply {
    const [service = "", operation = "", ...rest] = words;
    try {
      const { options, query, output } = optionsOf(rest);
      if (isWrite(words)) this.writes.push(words.join(" "));
      const used = new Set<string>();
      const data = this.#call(service, operation, (name, otherwise) => {
        used.add(name);
        const value = options.get(name) ?? otherwise;
        if (value === undefined) throw new TypeError(`the following arguments are required: --${name}`);
        return value.startsWith("file://") ? readFileSync(join(folder, value.slice(7)), "utf8") : value;
      });
      const unknown = [...options.keys()].find((name) => !used.has(name));
      if (unknown !== undefined) throw new TypeError(`Unknown options: --${unknown}`);
      const chosen = query === undefined ? data : jmespath(query, data ?? null);
      return {
        code: 0,
        out: data === undefined ? "" : output === "text" ? asText(chosen) : `${JSON.stringify(chosen, null, 4)}\n`,
        err: "",
      };
    } catch (error) {
      if (error instanceof Refusal) {
        const name = operation.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase());
        const err = `\nAn error occurred (${error.code}) when calling the ${name} operation: ${error.message}\n`;
        return { code: 254, out: "", err };
      }
      return { code: 252, out: "", err: `\naws: [ERROR]: ${String(error)}\n` };
    }
  }

  #call(service: string, operation: string, option: (name: string, otherwise?: string) => string): unknown {
    if (service === "sts" && operation === "get-caller-identity") return { Account: this.account };
    if (service !== "iam") throw new TypeError(`no service ${service}`);
    const [, verb = "", kind = ""] = /^(.*?)-(role|user|group)-polic(?:y|ies)$/.exec(operation) ?? [];
    if (kind !== "") return this.#ofPrincipal(verb, kind, option);
    if (operation === "get-account-summary") {
      const quotas = ["Role", "User", "Group"].map((name) => [`AttachedPoliciesPer${name}Quota`, this.quota]);
      return { SummaryMap: Object.fromEntries(quotas) as Words };
    }
    if (operation === "create-policy") {
      const name = legal(option("policy-name"));
      const arn = `arn:${this.partition}:iam::${this.account}:policy${option("path", "/")}${name}`;
      option("description", "");
      option("tags", "");
      const text = sized(option("policy-document"), 6144);
      const names = [...this.policies.keys()]
        .filter((key) => key.includes(`::${this.account}:`))
        .map((key) => key.slice(key.lastIndexOf("/") + 1).toLowerCase());
      if (names.includes(name.toLowerCase())) throw new Refusal("EntityAlreadyExists");
      this.managed(arn, text);
      return { Policy: { Arn: arn } };
    }
    if (operation === "wait") {
      option("policy-arn");
      return undefined;
    }
    const arn = option("policy-arn");
    const policy = this.#policy(arn);
    const holders = [...this.principals].filter(([, { attached }]) => attached.has(arn)).map(([key]) => key);
    const namesOf = (wanted: string): readonly string[] =>
      holders.filter((key) => key.startsWith(`${wanted}/`)).map((key) => key.slice(wanted.length + 1));
    switch (operation) {
      case "get-policy":
        return {
          Policy: {
            Arn: arn,
            DefaultVersionId: policy.standard,
            AttachmentCount: holders.length,
            PermissionsBoundaryUsageCount: policy.boundaries,
          },
        };
      case "get-policy-version": {
        const { id, text } = version(policy, option("version-id"));
        return { PolicyVersion: { VersionId: id, Document: JSON.parse(text) as unknown } };
      }
      case "list-policy-versions":
        return {
          Versions: [...policy.versions].reverse().map(({ id, created }) => ({
            VersionId: id,
            IsDefaultVersion: id === policy.standard,
            CreateDate: new Date(created * 1000).toISOString(),
          })),
        };
      case "list-entities-for-policy":
        return {
          PolicyGroups: namesOf("group").map((GroupName) => ({ GroupName })),
          PolicyUsers: namesOf("user").map((UserName) => ({ UserName })),
          PolicyRoles: namesOf("role").map((RoleName) => ({ RoleName })),
        };
    }
    if (arn.includes(":iam::aws:")) throw new Refusal("AccessDenied");
    switch (operation) {
      case "create-policy-version": {
        const text = sized(option("policy-document"), 6144);
        if (policy.versions.length >= 5)
          throw new Refusal("LimitExceeded", "A managed policy can have up to 5 versions.");
        const made: Version = { id: `v${policy.next}`, text, created: policy.next };
        policy.versions.push(made);
        policy.next++;
        const isDefault = option("set-as-default", "no") === "yes";
        option("no-set-as-default", "no");
        if (isDefault) policy.standard = made.id;
        return { PolicyVersion: { VersionId: made.id, IsDefaultVersion: isDefault } };
      }
      case "set-default-policy-version":
        policy.standard = version(policy, option("version-id")).id;
        return undefined;
      case "delete-policy-version": {
        const { id } = version(policy, option("version-id"));
        if (id === policy.standard)
          throw new Refusal("DeleteConflict", "Cannot delete the default version of a policy.");
        policy.versions = policy.versions.filter((one) => one.id !== id);
        return undefined;
      }
      case "delete-policy":
        if (holders.length > 0) throw new Refusal("DeleteConflict", "Cannot delete a policy attached to entities.");
        if (policy.versions.length > 1) throw new Refusal("DeleteConflict", "This policy has more than one version.");
        this.policies.delete(arn);
        return undefined;
      default:
        throw new TypeError(`no operation ${operation}`);
    }
  }

  #ofPrincipal(verb: string, kind: string, option: (name: string, otherwise?: string) => string): unknown {
    const name = legal(option(`${kind}-name`));
    const principal = this.principals.get(`${kind}/${name}`);
    if (principal === undefined) throw new Refusal("NoSuchEntity", `The ${kind} with name ${name} cannot be found.`);
    if (verb === "list-attached") {
      return {
        AttachedPolicies: [...principal.attached].map((arn) => ({
          PolicyName: arn.slice(arn.lastIndexOf("/") + 1),
          PolicyArn: arn,
        })),
      };
    }
    if (verb === "attach" || verb === "detach") {
      const arn = option("policy-arn");
      this.#policy(arn);
      if (verb === "detach" && !principal.attached.delete(arn)) throw new Refusal("NoSuchEntity");
      if (verb === "attach" && !principal.attached.has(arn) && principal.attached.size >= this.quota)
        throw new Refusal("LimitExceeded", "Cannot exceed quota for PoliciesPerRole");
      if (verb === "attach") principal.attached.add(arn);
      return undefined;
    }
    const policyName = legal(option("policy-name"));
    if (verb === "put") {
      const others = [...principal.inline].filter(([other]) => other !== policyName).map(([, text]) => text);
      const text = option("policy-document");
      sized([...others, text].join(""), Number(INLINE_LIMIT[kind]));
      JSON.parse(text);
      principal.inline.set(policyName, text);
      return undefined;
    }
    const text = principal.inline.get(policyName);
    if (text === undefined) throw new Refusal("NoSuchEntity");
    if (verb === "delete") {
      principal.inline.delete(policyName);
      return undefined;
    }
    return { PolicyName: policyName, PolicyDocument: JSON.parse(text) as unknown };
  }

  #policy(arn: string): ManagedPolicy {
    const policy = this.policies.get(arn);
    if (policy === undefined) throw new Refusal("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
    return policy;
  }

  #standardText(arn: string): string {
    const policy = this.#policy(arn);
    return version(policy, policy.standard).text;
  }
}

function valuesOf(texts: readonly string[]): readonly unknown[] {
  return texts.map((text) => JSON.parse(text) as unknown);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Whether a call may change something. */
export function isWrite(words: readonly string[]): boolean {
  return !/^(get|list|wait)/.test(words[1] ?? "");
}

function version(policy: ManagedPolicy, id: string): Version {
  const found = policy.versions.find((one) => one.id === id);
  if (found === undefined) throw new Refusal("NoSuchEntity");
  return found;
}

function legal(name: string): string {
  if (!NAME.test(name)) throw new Refusal("ValidationError", `${name} is no legal name`);
  return name;
}

function sized(text: string, limit: number): string {
  if (text.replace(/\s/g, "").length > limit)
    throw new Refusal("LimitExceeded", `Maximum policy size of ${limit} bytes exceeded`);
  return text;
}

/** `--name=value`, `--name value` and flags, as the AWS CLI takes them. */
function optionsOf(words: readonly string[]): {
  readonly options: ReadonlyMap<string, string>;
  readonly query: string | undefined;
  readonly output: string | undefined;
} {
  const all = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const [, name = "", value] = /^--([a-z-]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === "") {
      if (word.startsWith("--") || i > 0) throw new TypeError(`Unknown options: ${word}`);
      continue; // the noun of `wait`
    }
    if (value !== undefined) all.set(name, value);
    else if (name.endsWith("set-as-default")) all.set(name, "yes");
    else all.set(name, words[++i] ?? "");
  }
  const options = new Map([...all].filter(([name]) => !GLOBAL.has(name)));
  return { options, query: all.get("query"), output: all.get("output") };
}

/** `--output text`: lists of lists a line each, their items between tabs. */
function asText(value: unknown): string {
  if (!Array.isArray(value)) return `${wordOf(value)}\n`;
  if (value.length === 0) return "";
  if (value.some((item) => Array.isArray(item))) return value.map(asText).join("");
  return `${value.map(wordOf).join("\t")}\n`;
}

function wordOf(value: unknown): string {
  if (value === null) return "None";
  return typeof value === "string" ? value : JSON.stringify(value);
}
