import { fold } from "../pattern/fold.ts";
import type { ImageSource } from "./builder.ts";
import {
  CONTENT_HASH_WORDS,
  type Counts,
  HASH_SEED,
  HEADER,
  HEADER_WORDS,
  LAYOUT_VERSION,
  MAGIC,
  type Sections,
  checksumOf,
  hashStep,
  imageBytes,
  sectionsOf,
  slotCount,
} from "./layout.ts";

const COLON = 0x3a;

/** Why a buffer is no catalog image. */
export class ImageError extends Error {
  readonly code: "not-an-image" | "image-version" | "image-damaged";

  constructor(code: ImageError["code"], message: string) {
    super(message);
    this.name = "ImageError";
    this.code = code;
  }
}

/**
 * A read-only view of a catalog image: all action names, sorted and case folded, so that an action's id is its place in that
 * order and everything a prefix covers is one interval of ids; and the trie of word prefixes over them.
 *
 * Opening copies nothing; any number of threads may each hold a view over one SharedArrayBuffer. Nobody may write to the buffer
 * afterwards.
 */
export class CatalogTrie {
  readonly buffer: ArrayBufferLike;
  readonly actionCount: number;
  readonly serviceCount: number;
  readonly nodeCount: number;
  /** SHA-256 of the catalog's content, 64 lower-case hexadecimal digits. */
  readonly contentHash: string;
  /** Where the catalog came from and of which day it is. */
  readonly label: string;

  /** The word prefixes in pre-order: node `n` covers the ids `[nodeLo[n], nodeHi[n])`; its subtree is `[n, nodeEnd[n])`. */
  readonly nodeLo: Uint32Array;
  readonly nodeHi: Uint32Array;
  readonly nodeEnd: Uint32Array;
  /** Characters of each word prefix. */
  readonly nodeLength: Uint32Array;
  /** Each action's name, case folded, as bytes: action `id` is `folded[nameStart[id], nameStart[id + 1])`. */
  readonly folded: Uint8Array;
  readonly nameStart: Uint32Array;

  readonly #sections: Sections;
  /** Names that somebody has asked for: most of what is generated repeats. */
  readonly #names: (string | undefined)[] = [];
  readonly #patterns: (string | undefined)[] = [];

  /**
   * Opens an image. Magic, version, sizes and a checksum over every byte are checked before any view is made: about a
   * millisecond for all of AWS.
   *
   * @throws ImageError `not-an-image` (or one of another byte order), `image-version` (another layout), `image-damaged`
   */
  constructor(buffer: ArrayBufferLike) {
    const counts = checkedCounts(buffer);
    const sections = sectionsOf(buffer, counts);
    this.#sections = sections;
    this.buffer = buffer;
    this.actionCount = counts.actions;
    this.serviceCount = counts.services;
    this.nodeCount = counts.nodes;
    this.contentHash = hexOf(sections.header.subarray(HEADER.contentHash, HEADER.contentHash + CONTENT_HASH_WORDS));
    this.label = textOf(sections.label, 0, counts.labelBytes);
    this.nodeLo = sections.nodeLo;
    this.nodeHi = sections.nodeHi;
    this.nodeEnd = sections.nodeEnd;
    this.nodeLength = sections.nodeLength;
    this.folded = sections.folded;
    this.nameStart = sections.nameStart;
  }

  /** `service:Name` in the catalog's spelling. `id` in `[0, actionCount)`. */
  name(id: number): string {
    return (this.#names[id] ??= textOf(this.#sections.names, this.nameStart[id]!, this.nameStart[id + 1]!)); // id is in range by contract
  }

  /** The byte that the catalog's builder gave the action. */
  level(id: number): number {
    return this.#sections.levels[id]!; // id is in range by contract
  }

  /** The id of an action, case ignored, or -1. O(length). */
  find(action: string): number {
    const folded = fold(action);
    const colon = folded.indexOf(":");
    return colon < 0 ? -1 : this.findIn(folded.slice(0, colon), folded.slice(colon + 1));
  }

  /** The id of an action given as folded service and folded bare name, or -1. O(length), without making a text of the two. */
  findIn(service: string, name: string): number {
    let hash = HASH_SEED;
    for (let i = 0; i < service.length; i++) hash = hashStep(hash, service.charCodeAt(i));
    hash = hashStep(hash, COLON);
    for (let i = 0; i < name.length; i++) hash = hashStep(hash, name.charCodeAt(i));
    const slots = this.#sections.hashSlots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = slots[slot]! - 1; // slot is masked
      const start = this.nameStart[id]!; // ids in the table are in range
      const length = this.nameStart[id + 1]! - start;
      if (length !== service.length + 1 + name.length) continue;
      const nameFrom = start + service.length + 1;
      if (this.#reads(start, service) && this.folded[nameFrom - 1] === COLON && this.#reads(nameFrom, name)) return id;
    }
    return -1;
  }

  /** First id whose folded name is not less than the folded prefix: where everything that starts with it begins. O(log actions). */
  lowerBound(foldedPrefix: string): number {
    return this.#partition(0, (id) => this.#compare(id, foldedPrefix) < 0);
  }

  /** First id at or behind `lo = lowerBound(foldedPrefix)` that does not start with the prefix. O(log actions). */
  upperBound(foldedPrefix: string, lo: number): number {
    return this.#partition(lo, (id) => this.#compare(id, foldedPrefix) === 0);
  }

  /** A service's prefix in the catalog's spelling. `index` in `[0, serviceCount)`. */
  service(index: number): string {
    const start = this.#sections.serviceStart;
    return textOf(this.#sections.services, start[index]!, start[index + 1]!); // index is in range by contract
  }

  /** First action id of a service, services being in order: the service's ids are `[serviceLo(i), serviceLo(i + 1))`. */
  serviceLo(index: number): number {
    return this.#sections.serviceFirst[index]!; // index is in [0, serviceCount] by contract
  }

  /** The word prefix of a node, spelled as the first action in id order that has it spells it. */
  nodePrefix(node: number): string {
    const start = this.nameStart[this.#sections.nodeSpelling[node]!]!; // both in range by contract
    return textOf(this.#sections.names, start, start + this.nodeLength[node]!);
  }

  /** What matches everything that starts with a node's word prefix: the prefix and `*`. */
  nodePattern(node: number): string {
    return (this.#patterns[node] ??= `${this.nodePrefix(node)}*`);
  }

  /** The source that builds an image equal to this one, in sorted order. O(total name length). */
  toSource(): ImageSource {
    const services = Array.from({ length: this.serviceCount }, (_, index) => this.service(index));
    const actions = Array.from({ length: this.actionCount }, (_, id) => ({
      action: this.name(id),
      level: this.level(id),
    }));
    return { services, actions, contentHash: this.contentHash, label: this.label };
  }

  #reads(start: number, text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.folded[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Negative: the name sorts before the prefix; 0: it starts with it; positive: it sorts behind everything that does. */
  #compare(id: number, foldedPrefix: string): number {
    const start = this.nameStart[id]!; // id is in range
    const length = this.nameStart[id + 1]! - start;
    const shared = Math.min(length, foldedPrefix.length);
    for (let i = 0; i < shared; i++) {
      const difference = this.folded[start + i]! - foldedPrefix.charCodeAt(i);
      if (difference !== 0) return difference;
    }
    return length < foldedPrefix.length ? -1 : 0;
  }

  /** First id in `[lo, actionCount]` for which `before` does not hold, given that it holds for a head of the range only. */
  #partition(lo: number, before: (id: number) => boolean): number {
    let low = lo;
    let high = this.actionCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function checkedCounts(buffer: ArrayBufferLike): Counts {
  if (buffer.byteLength < 4 * HEADER_WORDS || buffer.byteLength % 4 !== 0) {
    throw new ImageError("not-an-image", `${buffer.byteLength} bytes are no catalog image`);
  }
  const header = new Uint32Array(buffer, 0, HEADER_WORDS);
  const word = (index: number): number => header[index]!; // indices are HEADER's
  if (word(HEADER.magic) !== MAGIC)
    throw new ImageError("not-an-image", "the buffer does not start as a catalog image does");
  if (word(HEADER.version) !== LAYOUT_VERSION) {
    const version = word(HEADER.version);
    throw new ImageError("image-version", `the image has layout ${version}, this program reads ${LAYOUT_VERSION}`);
  }
  const counts: Counts = {
    actions: word(HEADER.actions),
    services: word(HEADER.services),
    nodes: word(HEADER.nodes),
    slots: word(HEADER.slots),
    nameBytes: word(HEADER.nameBytes),
    serviceBytes: word(HEADER.serviceBytes),
    labelBytes: word(HEADER.labelBytes),
  };
  const fits = word(HEADER.byteLength) === buffer.byteLength && counts.slots === slotCount(counts.actions);
  if (!fits || imageBytes(counts) !== buffer.byteLength) {
    throw new ImageError("image-damaged", "the image's sizes do not add up to its length");
  }
  if (checksumOf(buffer) !== word(HEADER.checksum))
    throw new ImageError("image-damaged", "the image's checksum is wrong");
  return counts;
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i]!); // from and to are section offsets
  return text;
}

function hexOf(words: Uint32Array): string {
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}
