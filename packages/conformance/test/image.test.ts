import { builtInCatalog } from "@leastwise/catalog";
import { CatalogTrie, ImageError, buildImage } from "@leastwise/core";
import { beforeAll, describe, expect, it } from "vitest";
import { fold, wordPrefixesOf } from "../src/laws/plainly.ts";

/** The image that is shipped, beside plain sorted lists of its names and of the word prefixes that SEMANTICS 1 defines. */
const { trie } = builtInCatalog();
const HEADER_BYTES = 128;

let names: readonly string[];
let folded: readonly string[];

beforeAll(() => {
  names = trie.toSource().actions.map(({ action }) => action);
  folded = names.map(fold);
});

function firstNotBelow(sorted: readonly string[], text: string): number {
  const place = sorted.findIndex((one) => one >= text);
  return place < 0 ? sorted.length : place;
}

describe("the built-in catalog's image", () => {
  it("holds each name once, in the order of their folded texts", () => {
    expect(names.length).toBeGreaterThan(20_000);
    expect([...new Set(folded)].sort()).toEqual(folded);
  });

  it("is built again from what it says, byte for byte", () => {
    expect(Buffer.from(buildImage(trie.toSource())).equals(Buffer.from(trie.buffer))).toBe(true);
  });

  it("finds every name in whatever case, and nothing a character away that is no name", () => {
    const placeOf = new Map(folded.map((name, id) => [name, id]));
    const wrong = names.flatMap((name) =>
      [name, name.toUpperCase(), name.slice(0, -1), `${name}s`, `${name}\0`, name.replace(":", ""), ` ${name}`].filter(
        (text) => trie.find(text) !== (placeOf.get(fold(text)) ?? -1),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("has for every word prefix a node, in order, that covers what starts with it and holds the longer ones", () => {
    const prefixes = [...wordPrefixesOf(names)].sort();
    const shown = Array.from({ length: trie.nodeCount }, (_, node) => fold(trie.nodePrefix(node)));
    expect(shown).toEqual(prefixes);
    const covered = new Map<string, number>();
    for (const name of folded) for (const prefix of startsOf(name)) count(covered, prefix);
    const longer = new Map<string, number>();
    for (const prefix of prefixes) for (const start of startsOf(prefix)) count(longer, start);
    const wrong = prefixes.filter((prefix, node) => {
      const [lo, hi] = [trie.nodeLo[node] ?? -1, trie.nodeHi[node] ?? -1];
      return !(
        folded[lo]?.startsWith(prefix) &&
        folded[hi - 1]?.startsWith(prefix) &&
        hi - lo === covered.get(prefix) &&
        trie.nodeEnd[node] === node + (longer.get(prefix) ?? 0) &&
        trie.nodeLength[node] === prefix.length
      );
    });
    expect(wrong).toEqual([]);
  });

  it("says where every 40th name, its starts and what is beyond them begin and end", () => {
    const wrong = folded
      .filter((_, id) => id % 40 === 0)
      .flatMap((name) => [name, `${name}\uffff`, name.slice(0, name.length >> 1), name.slice(0, name.indexOf(":"))])
      .filter((text) => {
        const lo = firstNotBelow(folded, text);
        const hi = lo + folded.slice(lo).findIndex((name) => !name.startsWith(text));
        return trie.lowerBound(text) !== lo || trie.upperBound(text, lo) !== (hi < lo ? folded.length : hi);
      });
    expect(wrong).toEqual([]);
  });

  it("gives each service its run of names, one after the other", () => {
    const wrong: string[] = [];
    for (let i = 0; i < trie.serviceCount; i++) {
      const own = folded.slice(trie.serviceLo(i), trie.serviceLo(i + 1));
      if (own.some((name) => !name.startsWith(`${fold(trie.service(i))}:`))) wrong.push(trie.service(i));
    }
    expect(wrong).toEqual([]);
    expect([trie.serviceLo(0), trie.serviceLo(trie.serviceCount)]).toEqual([0, names.length]);
  });

  it("is refused with one bit changed: one of every header byte, and 300 places behind the header", () => {
    const image = new Uint8Array(trie.buffer.slice(0));
    const step = Math.floor((image.length - HEADER_BYTES) / 300);
    const places = Array.from({ length: HEADER_BYTES }, (_, at) => at);
    for (let at = HEADER_BYTES; at < image.length; at += step) places.push(at);
    const opened = places.filter((at) => {
      image[at]! ^= 1 << ((at * 5) % 8); // inside
      const refused = isRefused(image.buffer);
      image[at]! ^= 1 << ((at * 5) % 8); // and back
      return !refused;
    });
    expect(opened).toEqual([]);
    expect(isRefused(image.buffer)).toBe(false);
  });
});

/** Every start of a text, itself included. */
function startsOf(text: string): readonly string[] {
  return Array.from(text, (_, at) => text.slice(0, at + 1));
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function isRefused(buffer: ArrayBufferLike): boolean {
  try {
    return new CatalogTrie(buffer).buffer !== buffer;
  } catch (error) {
    if (error instanceof ImageError) return true;
    throw error;
  }
}
