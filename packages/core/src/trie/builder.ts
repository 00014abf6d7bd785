import { fold } from "../pattern/fold.ts";
import {
  CONTENT_HASH_WORDS,
  type Counts,
  HASH_SEED,
  HEADER,
  LAYOUT_VERSION,
  MAGIC,
  type Sections,
  checksumOf,
  hashStep,
  imageBytes,
  sectionsOf,
  slotCount,
} from "./layout.ts";
import { wordStarts } from "./words.ts";

/** What an image is built from: plain data, in any order. */
export interface ImageSource {
  /** Every service's prefix, also of services without actions. ASCII without `:`, `*` and `?`. */
  readonly services: readonly string[];
  /** `service:Name` in the catalog's own spelling, with one byte for each that the image carries along. */
  readonly actions: readonly { readonly action: string; readonly level: number }[];
  /** SHA-256 of the content as 64 hexadecimal digits; carried, not computed, since core has no cryptography. */
  readonly contentHash: string;
  /** ASCII text that says where the catalog came from and of which day it is. */
  readonly label: string;
}

interface Node {
  readonly folded: string;
  readonly spelling: number;
}

/**
 * Builds a catalog image: sorted names, services, word prefixes and a hash table in one buffer (see `layout.ts`).
 *
 * The same source in any order gives the same bytes. O(total name length × log actions).
 *
 * @param allocate makes the buffer, for example `(bytes) => new SharedArrayBuffer(bytes)`; zeroed, `bytes` long.
 * @throws Error when a name is not printable ASCII, has no service, has a wildcard, belongs to no listed service, stands twice
 *   (case ignored), a level is no byte, the label is not ASCII, or the hash is not 64 lower-case hexadecimal digits. Sources are checked by the caller: this is a bug there.
 */
export function buildImage(
  source: ImageSource,
  allocate: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes),
): ArrayBufferLike {
  const services = sortedByFold(source.services.map((name) => ({ name, folded: fold(name) + ":" })));
  const actions = sortedByFold(
    source.actions.map(({ action, level }) => ({ name: action, folded: fold(action), level })),
  );
  checkNames(services, actions);
  if (!/^[\da-f]{64}$/.test(source.contentHash)) throw new Error("the content hash is not 64 hexadecimal digits");
  if (!/^[ -~]*$/.test(source.label)) throw new Error("the label is not printable ASCII");
  const nodes = nodesOf(actions);
  const counts: Counts = {
    actions: actions.length,
    services: services.length,
    nodes: nodes.length,
    slots: slotCount(actions.length),
    nameBytes: sum(actions.map(({ name }) => name.length)),
    serviceBytes: sum(services.map(({ name }) => name.length)),
    labelBytes: source.label.length,
  };
  const buffer = allocate(imageBytes(counts));
  const sections = sectionsOf(buffer, counts);
  writeNames(sections, actions);
  writeServices(sections, services, actions);
  writeNodes(sections, nodes, actions);
  writeHashTable(sections, actions);
  writeText(sections.label, 0, source.label);
  writeHeader(sections.header, counts, buffer.byteLength, source.contentHash);
  sections.header[HEADER.checksum] = checksumOf(buffer);
  return buffer;
}

/** No two are alike, or `checkNames` refuses them. */
function sortedByFold<T extends { readonly folded: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.folded < b.folded ? -1 : 1));
}

function checkNames(
  services: readonly { name: string; folded: string }[],
  actions: readonly { name: string; folded: string; level: number }[],
): void {
  const known = new Set(services.map(({ folded }) => folded));
  if (known.size !== services.length) throw new Error("a service stands twice in the catalog source");
  for (const { name } of services) {
    if (!isPlain(name) || name.includes(":")) throw new Error(`not a service prefix: ${JSON.stringify(name)}`);
  }
  let previous: string | undefined;
  for (const { name, folded, level } of actions) {
    if (!(level >= 0 && level <= 0xff)) throw new Error(`the level of \`${name}\` is no byte: ${level}`);
    const colon = folded.indexOf(":");
    if (!isPlain(name) || colon < 1 || colon === name.length - 1)
      throw new Error(`not an action name: ${JSON.stringify(name)}`);
    if (!known.has(folded.slice(0, colon + 1))) throw new Error(`the service of \`${name}\` is not listed`);
    if (folded === previous) throw new Error(`the action \`${name}\` stands twice in the catalog source`);
    previous = folded;
  }
}

/** Printable ASCII without wildcards, and not empty. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code === 0x2a || code === 0x3f) return false;
  }
  return text.length > 0;
}

/** All distinct word prefixes in pre-order, which is the order of their folded text. */
function nodesOf(actions: readonly { name: string; folded: string }[]): readonly Node[] {
  const spellings = new Map<string, number>();
  actions.forEach(({ name, folded }, id) => {
    for (const start of wordStarts(name)) {
      const prefix = folded.slice(0, start);
      if (!spellings.has(prefix)) spellings.set(prefix, id); // the first action in id order spells it
    }
  });
  return sortedByFold([...spellings].map(([folded, spelling]) => ({ folded, spelling })));
}

function writeNames(sections: Sections, actions: readonly { name: string; folded: string; level: number }[]): void {
  let offset = 0;
  actions.forEach(({ name, folded, level }, id) => {
    sections.nameStart[id] = offset;
    sections.levels[id] = level;
    writeText(sections.names, offset, name);
    offset = writeText(sections.folded, offset, folded);
  });
  sections.nameStart[actions.length] = offset;
}

function writeServices(
  sections: Sections,
  services: readonly { name: string; folded: string }[],
  actions: readonly { folded: string }[],
): void {
  let offset = 0;
  let id = 0;
  services.forEach(({ name, folded }, index) => {
    sections.serviceStart[index] = offset;
    offset = writeText(sections.services, offset, name);
    sections.serviceFirst[index] = id;
    while (id < actions.length && actions[id]!.folded.startsWith(folded)) id++; // id is inside
  });
  sections.serviceStart[services.length] = offset;
  sections.serviceFirst[services.length] = id;
}

/** Intervals by one pass over names and prefixes together, both in folded order; `end` when a later prefix is no extension. */
function writeNodes(sections: Sections, nodes: readonly Node[], actions: readonly { folded: string }[]): void {
  const open: number[] = [];
  const prefixAt = (node: number): string => nodes[node]!.folded; // indices come from the loop over nodes
  const close = (until: string, id: number, node: number): void => {
    for (let top = open.at(-1); top !== undefined && !until.startsWith(prefixAt(top)); top = open.at(-1)) {
      sections.nodeHi[top] = id;
      sections.nodeEnd[top] = node;
      open.pop();
    }
  };
  let node = 0;
  actions.forEach(({ folded }, id) => {
    close(folded, id, node);
    while (node < nodes.length && folded.startsWith(prefixAt(node))) {
      sections.nodeLo[node] = id;
      sections.nodeLength[node] = prefixAt(node).length;
      sections.nodeSpelling[node] = nodes[node]!.spelling; // node < nodes.length
      open.push(node++);
    }
  });
  while (open.length > 0) {
    const top = open.pop()!; // not empty
    sections.nodeHi[top] = actions.length;
    sections.nodeEnd[top] = nodes.length;
  }
}

function writeHashTable(sections: Sections, actions: readonly { folded: string }[]): void {
  const mask = sections.hashSlots.length - 1;
  actions.forEach(({ folded }, id) => {
    let hash = HASH_SEED;
    for (let i = 0; i < folded.length; i++) hash = hashStep(hash, folded.charCodeAt(i));
    let slot = hash & mask;
    while (sections.hashSlots[slot] !== 0) slot = (slot + 1) & mask;
    sections.hashSlots[slot] = id + 1;
  });
}

function writeHeader(header: Uint32Array, counts: Counts, byteLength: number, contentHash: string): void {
  header[HEADER.magic] = MAGIC;
  header[HEADER.version] = LAYOUT_VERSION;
  header[HEADER.byteLength] = byteLength;
  header[HEADER.actions] = counts.actions;
  header[HEADER.services] = counts.services;
  header[HEADER.nodes] = counts.nodes;
  header[HEADER.slots] = counts.slots;
  header[HEADER.nameBytes] = counts.nameBytes;
  header[HEADER.serviceBytes] = counts.serviceBytes;
  header[HEADER.labelBytes] = counts.labelBytes;
  for (let word = 0; word < CONTENT_HASH_WORDS; word++) {
    const digits = contentHash.slice(8 * word, 8 * word + 8);
    header[HEADER.contentHash + word] = Number(`0x${digits}`);
  }
}

function writeText(bytes: Uint8Array, offset: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
  return offset + text.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
