import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ImageSource, buildImage } from "../src/trie/builder.ts";
import { CatalogTrie } from "../src/trie/trie.ts";
import { wordStarts } from "../src/trie/words.ts";
import { actionsOf2024, catalogOf, isMutationRun, sourceOf } from "./catalog.ts";
import { foldedByHand } from "./globs.ts";

const RUNS = { seed: 2024, numRuns: 300 };
const FIVE = ["s3:GetObjectAcl", "S3:GetObject", "s3:PutObject", "ec2:DescribeInstances", "ec2:DescribeInstanceStatus"];

/** Names made of few pieces, so that many share a head; some services are the beginning of another's name. */
const sources: fc.Arbitrary<ImageSource> = fc
  .record({
    actions: fc.uniqueArray(
      fc.record({
        action: fc
          .tuple(
            fc.constantFrom("a", "A", "a-b", "ab", "s3"),
            fc.array(fc.constantFrom("Get", "get", "Object", "Objects", "S", "s", "DB", "1", "-", "_", ":"), {
              minLength: 1,
              maxLength: 4,
            }),
          )
          .map(([service, words]) => `${service}:${words.join("")}`),
        level: fc.nat(255),
      }),
      { selector: ({ action }) => action.toLowerCase(), maxLength: 40 },
    ),
    empty: fc.subarray(["aa", "b", "Zz"]),
    label: fc.constantFrom("", "test", "iam-data 2024-11-20"),
  })
  .map(({ actions, empty, label }) => {
    const { services, contentHash } = sourceOf(actions.map(({ action }) => action));
    return { services: services.concat(empty), actions, contentHash, label };
  });

function triesOf(source: fc.Arbitrary<ImageSource>): fc.Arbitrary<CatalogTrie> {
  return source.map((made) => new CatalogTrie(buildImage(made)));
}

function byFolded<T>(items: readonly T[], textOf: (item: T) => string): readonly T[] {
  const keyOf = (item: T): string => foldedByHand(textOf(item));
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function namesOf(trie: CatalogTrie): readonly string[] {
  return Array.from({ length: trie.actionCount }, (_, id) => trie.name(id));
}

describe("an image", () => {
  it("gives its source back, sorted by folded name", () => {
    fc.assert(
      fc.property(sources, (source) => {
        expect(new CatalogTrie(buildImage(source)).toSource()).toEqual({
          ...source,
          services: byFolded(source.services, (service) => `${service}:`),
          actions: byFolded(source.actions, ({ action }) => action),
        });
      }),
      RUNS,
    );
  });

  it("is the same bytes whatever the order of its source", () => {
    const shuffled = sources.chain((source) =>
      fc.record({
        source: fc.constant(source),
        services: fc.shuffledSubarray([...source.services], { minLength: source.services.length }),
        actions: fc.shuffledSubarray([...source.actions], { minLength: source.actions.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ source, services, actions }) => {
        const again = buildImage({ ...source, services, actions });
        expect(Buffer.from(again).equals(Buffer.from(buildImage(source)))).toBe(true);
      }),
      RUNS,
    );
  });

  it("can be built in shared memory, with the same bytes, and is read where it is", () => {
    const shared = buildImage(sourceOf(FIVE), (bytes) => new SharedArrayBuffer(bytes));
    const own = buildImage(sourceOf(FIVE));
    expect(shared).toBeInstanceOf(SharedArrayBuffer);
    expect(own).toBeInstanceOf(ArrayBuffer);
    expect([...new Uint8Array(shared)]).toEqual([...new Uint8Array(own)]);
    const trie = new CatalogTrie(shared);
    expect(trie.buffer).toBe(shared);
    expect(trie.folded.buffer).toBe(shared);
    expect(trie.nodeLo.buffer).toBe(shared);
    expect(trie.find("s3:getobject")).toBe(2);
  });

  it("tells its hash, its label and its levels", () => {
    const contentHash = "00000001fffffffe".repeat(4);
    const actions = [
      { action: "s3:PutObject", level: 255 },
      { action: "s3:GetObject", level: 7 },
    ];
    const trie = new CatalogTrie(buildImage({ services: ["s3"], actions, contentHash, label: "iam-data 2024-11-20" }));
    expect(trie.contentHash).toBe(contentHash);
    expect(trie.label).toBe("iam-data 2024-11-20");
    expect([trie.level(0), trie.level(1)]).toEqual([7, 255]);
  });

  it("of an empty catalog has nothing in it", () => {
    const trie = catalogOf([]);
    expect([trie.actionCount, trie.serviceCount, trie.nodeCount]).toEqual([0, 0, 0]);
    expect(trie.find("s3:GetObject")).toBe(-1);
    expect(trie.lowerBound("s3:")).toBe(0);
    expect(trie.upperBound("s3:", 0)).toBe(0);
    expect(trie.serviceLo(0)).toBe(0);
  });

  it("of one action holds it and its prefixes", () => {
    const trie = catalogOf(["s3:GetObject"]);
    expect([trie.actionCount, trie.serviceCount, trie.nodeCount]).toEqual([1, 1, 2]);
    expect([trie.nodePrefix(0), trie.nodePrefix(1)]).toEqual(["s3:", "s3:Get"]);
    expect(trie.find("S3:GETOBJECT")).toBe(0);
    expect(trie.find("s3:GetObjec")).toBe(-1);
  });

  it.each(
    Array.from({ length: isMutationRun ? 8 : 13 }, (_, power) => 2 ** power)
      .flatMap((size) => [size - 1, size, size + 1])
      .filter((size, i, sizes) => sizes.indexOf(size) === i),
  )("of %i actions answers as a sorted list does: the hash table grows at powers of two", (size) => {
    const names = Array.from({ length: size }, (_, i) => `s${i % 3}:Get${((i * 7919) % 8192).toString(36)}Thing`);
    const source = { ...sourceOf(names), services: ["s0", "s1", "s2"] };
    const image = buildImage(source);
    expectAnswersOf(new CatalogTrie(image), source);
    expect(Buffer.from(buildImage(new CatalogTrie(image).toSource())).equals(Buffer.from(image))).toBe(true);
  });

  it.each([1, 2, 254, 255, 256, 257, ...(isMutationRun ? [] : [65_535, 65_536])])(
    "holds names of %i characters",
    (length) => {
      const service = "s".repeat(length);
      const [small, capital] = ["x".repeat(length), "X".repeat(length)];
      const source = sourceOf([`${service}:${small}`, `${service}:${small}Y`, `t:${capital}`, `t:${capital}y`, "t:A"]);
      const image = buildImage(source);
      expectAnswersOf(new CatalogTrie(image), source);
      expect(Buffer.from(buildImage(new CatalogTrie(image).toSource())).equals(Buffer.from(image))).toBe(true);
    },
  );

  it("keeps apart services that begin one another, with one action or none each", () => {
    const services = ["a", "aa", "aaa", "a-", "a-a", "a.b", "a0", "aB", "AbC", "z"];
    for (let without = 0; without <= services.length; without++) {
      const actions = services.slice(without).map((service, level) => ({ action: `${service}:Get`, level }));
      const source = { ...sourceOf([]), services, actions };
      const image = buildImage(source);
      expectAnswersOf(new CatalogTrie(image), source);
      expect(Buffer.from(buildImage(new CatalogTrie(image).toSource())).equals(Buffer.from(image))).toBe(true);
    }
  });

  it("of the largest service of 2024 answers as a sorted list does", () => {
    const source = sourceOf(actionsOf2024().filter((name) => name.startsWith("ec2:")));
    expect(source.actions.length).toBeGreaterThan(600);
    expectAnswersOf(new CatalogTrie(buildImage(source)), source);
  });
});

/** Compares every answer with a plain sorted list: ids, look-ups of what is there and of its neighbours, services and nodes. */
function expectAnswersOf(trie: CatalogTrie, source: ImageSource): void {
  const sorted = byFolded(source.actions, ({ action }) => action);
  const folded = sorted.map(({ action }) => foldedByHand(action));
  const placeOf = new Map(folded.map((name, id) => [name, id]));
  expect(trie.toSource()).toEqual({ ...source, actions: sorted, services: byFolded(source.services, (s) => `${s}:`) });
  const wrong: unknown[] = [];
  folded.forEach((name, id) => {
    for (const text of [name, name.slice(0, -1), `${name}s`, name.replace(":", ":-"), name.slice(0, -1 - (id % 9))]) {
      const lo = firstNotBelow(folded, text);
      const hi = firstNotBelow(folded, `${text}\uffff`);
      const answers = [trie.find(text), trie.lowerBound(text), trie.upperBound(text, lo)];
      const wanted = [placeOf.get(text) ?? -1, lo, hi];
      if (answers.join() !== wanted.join()) wrong.push({ text, answers, wanted });
    }
  });
  expect(wrong).toEqual([]);
  const services = byFolded(source.services, (service) => `${service}:`);
  services.forEach((service, i) => {
    const range = [trie.serviceLo(i), trie.serviceLo(i + 1)];
    const text = `${foldedByHand(service)}:`;
    expect([service, ...range]).toEqual([service, firstNotBelow(folded, text), firstNotBelow(folded, `${text}\uffff`)]);
  });
  expect(nodesIn(trie)).toEqual(nodesOf(sorted.map(({ action }) => action)));
}

/** By halving, the list being sorted; its length where all are below. */
function firstNotBelow(sorted: readonly string[], text: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (sorted[middle]! < text)
      from = middle + 1; // middle is inside
    else to = middle;
  }
  return from;
}

describe("services", () => {
  it("each has its run of ids; a service without actions has an empty one", () => {
    const trie = new CatalogTrie(buildImage({ ...sourceOf(FIVE), services: ["S3", "ec2", "fsx", "aa", "zz", "s3-x"] }));
    const runs = Array.from({ length: trie.serviceCount }, (_, i) => [
      trie.service(i),
      trie.serviceLo(i),
      trie.serviceLo(i + 1),
    ]);
    expect(runs).toEqual([
      ["aa", 0, 0],
      ["ec2", 0, 2],
      ["fsx", 2, 2],
      ["s3-x", 2, 2],
      ["S3", 2, 5],
      ["zz", 5, 5],
    ]);
  });

  it("one whose name begins another's keeps its actions apart", () => {
    fc.assert(
      fc.property(triesOf(sources), (trie) => {
        const names = namesOf(trie).map(foldedByHand);
        for (let i = 0; i < trie.serviceCount; i++) {
          const own = names.slice(trie.serviceLo(i), trie.serviceLo(i + 1));
          expect(own).toEqual(names.filter((name) => name.startsWith(`${foldedByHand(trie.service(i))}:`)));
        }
        expect(trie.serviceLo(trie.serviceCount)).toBe(names.length);
      }),
      RUNS,
    );
  });
});

describe("look-ups", () => {
  const asked = fc.tuple(
    fc.constantFrom("", "a", "a-b", "a-b:", "A:", "a:", "ab:", "s3:", "zz", "\u0000", "\u212a", "\uffff"),
    fc.array(fc.constantFrom("Get", "get", "Object", "s", "S", "1", "-", "_", ":", "é"), { maxLength: 3 }),
  );

  it("find, lowerBound and upperBound say what going through all names says", () => {
    fc.assert(
      fc.property(triesOf(sources), fc.array(asked, { maxLength: 30 }), (trie, questions) => {
        const names = namesOf(trie).map(foldedByHand);
        for (const text of [...questions.map(([head, tail]) => head + tail.join("")), ...namesOf(trie)]) {
          const folded = foldedByHand(text);
          const lo = names.filter((name) => name < folded).length;
          expect(trie.find(text)).toBe(names.indexOf(folded));
          expect(trie.lowerBound(folded)).toBe(lo);
          expect(trie.upperBound(folded, lo)).toBe(lo + names.filter((name) => name.startsWith(folded)).length);
        }
      }),
      RUNS,
    );
  });

  it("findIn takes service and name apart, and only a colon stands between them", () => {
    fc.assert(
      fc.property(triesOf(sources), fc.array(asked, { maxLength: 10 }), (trie, questions) => {
        const names = namesOf(trie).map(foldedByHand);
        const own = names.map((name) => name.split(/:(.*)/s));
        for (const [service = "", name = ""] of [...questions.map(([head, tail]) => [head, tail.join("")]), ...own]) {
          const [folded, foldedName] = [foldedByHand(service), foldedByHand(name)];
          expect(trie.findIn(folded, foldedName)).toBe(names.indexOf(`${folded}:${foldedName}`));
        }
      }),
      RUNS,
    );
    const trie = catalogOf(["s3:GetObject"]);
    expect(trie.findIn("s3", "getobject")).toBe(0);
    expect(trie.findIn("s3:g", "tobject")).toBe(-1);
  });

  it("folds ASCII only: KELVIN SIGN finds no k", () => {
    const trie = catalogOf(["kms:Decrypt"]);
    expect(trie.find("KMS:DECRYPT")).toBe(0);
    expect(trie.find("\u212ams:Decrypt")).toBe(-1);
  });
});

/** The nodes as SEMANTICS 1 defines word prefixes: slowly, from the names alone. */
function nodesOf(names: readonly string[]): readonly unknown[] {
  const spelled = new Map<string, string>();
  for (const name of names) {
    for (const start of wordStarts(name)) {
      const prefix = name.slice(0, start);
      if (!spelled.has(foldedByHand(prefix))) spelled.set(foldedByHand(prefix), prefix);
    }
  }
  const prefixes = [...spelled.keys()].sort();
  const folded = names.map(foldedByHand);
  return prefixes.map((prefix) => ({
    prefix: spelled.get(prefix),
    length: prefix.length,
    lo: firstNotBelow(folded, prefix),
    hi: firstNotBelow(folded, `${prefix}\uffff`),
    end: firstNotBelow(prefixes, `${prefix}\uffff`),
  }));
}

function nodesIn(trie: CatalogTrie): readonly unknown[] {
  return Array.from({ length: trie.nodeCount }, (_, node) => ({
    prefix: trie.nodePrefix(node),
    length: trie.nodeLength[node],
    lo: trie.nodeLo[node],
    hi: trie.nodeHi[node],
    end: trie.nodeEnd[node],
  }));
}

describe("nodes", () => {
  it("are the word prefixes, each covering what starts with its characters, its subtree what starts with it", () => {
    fc.assert(
      fc.property(triesOf(sources), (trie) => {
        expect(nodesIn(trie)).toEqual(nodesOf(namesOf(trie)));
      }),
      RUNS,
    );
  });

  it("cover by characters, not by words: Instance covers Instances", () => {
    const trie = catalogOf(["ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeImages"]);
    const nodes = nodesIn(trie);
    expect(nodes).toContainEqual({ prefix: "ec2:DescribeInstance", length: 20, lo: 1, hi: 3, end: 3 });
    expect(nodes).toHaveLength(3);
  });

  it("are spelled as the first action in order spells them", () => {
    const trie = catalogOf(["x:DBClusterAdd", "x:DbClusterAbc"]);
    expect(nodesIn(trie).map((node) => (node as { prefix: string }).prefix)).toEqual(["x:", "x:Db", "x:DbCluster"]);
  });

  it("of all of AWS in 2024 are as many as there are distinct word prefixes, and all in order", () => {
    const trie = catalogOf(actionsOf2024());
    const prefixes = new Set(
      namesOf(trie).flatMap((name) => wordStarts(name).map((start) => foldedByHand(name.slice(0, start)))),
    );
    const inTrie = Array.from({ length: trie.nodeCount }, (_, node) => foldedByHand(trie.nodePrefix(node)));
    expect(inTrie).toEqual([...prefixes].sort());
  });
});
