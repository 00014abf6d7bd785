/**
 * The one place that knows how a catalog image is laid out: magic, version, header words, sections and their order.
 *
 * ```text
 * header   32 words, see HEADER
 * u32      nameStart[actions + 1]     where each name's bytes start; the last is the end
 * u32      serviceFirst[services + 1] first action id of each service, services in the order of their lower-cased names + ":"
 * u32      serviceStart[services + 1] where each service's own name starts in serviceBytes
 * u32      nodeLo[nodes], nodeHi[nodes]   the ids a word prefix covers: [lo, hi)
 * u32      nodeEnd[nodes]             the first node behind this node's subtree (pre-order)
 * u32      nodeLength[nodes]          characters of the word prefix
 * u32      nodeSpelling[nodes]        the action whose spelling the prefix takes
 * u32      hashSlots[slots]           open addressing by FNV-1a of the folded name: action id + 1, 0 for a free slot
 * u8       levels[actions]            one byte of the caller's for each action
 * u8       names[nameBytes], folded[nameBytes], serviceBytes, label
 * ```
 *
 * Numbers are stored in the machine's own byte order, which the header tells, so that views need no copy. Text is ASCII.
 */

/** "LWCI" read as a little-endian word; another byte order reads another number and is refused. */
export const MAGIC = 0x4943_574c;
export const LAYOUT_VERSION = 1;

/** Word offsets in the header. Words that are not named here are zero. */
export const HEADER = {
  magic: 0,
  version: 1,
  byteLength: 2,
  actions: 3,
  services: 4,
  nodes: 5,
  slots: 6,
  nameBytes: 7,
  serviceBytes: 8,
  labelBytes: 9,
  /** 8 words: SHA-256 of the catalog's content, as the caller computed it. */
  contentHash: 10,
  /** Checksum over all words but itself. */
  checksum: 31,
} as const;
export const HEADER_WORDS = 32;
export const CONTENT_HASH_WORDS = 8;

/** What an image's sections are sized by. */
export interface Counts {
  readonly actions: number;
  readonly services: number;
  readonly nodes: number;
  readonly slots: number;
  readonly nameBytes: number;
  readonly serviceBytes: number;
  readonly labelBytes: number;
}

/** All sections as views over one buffer. */
export interface Sections {
  readonly header: Uint32Array;
  readonly nameStart: Uint32Array;
  readonly serviceFirst: Uint32Array;
  readonly serviceStart: Uint32Array;
  readonly nodeLo: Uint32Array;
  readonly nodeHi: Uint32Array;
  readonly nodeEnd: Uint32Array;
  readonly nodeLength: Uint32Array;
  readonly nodeSpelling: Uint32Array;
  readonly hashSlots: Uint32Array;
  readonly levels: Uint8Array;
  readonly names: Uint8Array;
  readonly folded: Uint8Array;
  readonly services: Uint8Array;
  readonly label: Uint8Array;
}

/** Size of the whole image in bytes, a multiple of 4. */
export function imageBytes(counts: Counts): number {
  return 4 * (wordCount(counts) + Math.ceil(byteCount(counts) / 4)); // no bit operations: damaged counts exceed 32 bits
}

/** Views over a buffer of `imageBytes(counts)` bytes. Nothing is checked or copied. */
export function sectionsOf(buffer: ArrayBufferLike, counts: Counts): Sections {
  let offset = 0;
  const words = (length: number): Uint32Array => {
    const view = new Uint32Array(buffer, offset, length);
    offset += 4 * length;
    return view;
  };
  const bytes = (length: number): Uint8Array => {
    const view = new Uint8Array(buffer, offset, length);
    offset += length;
    return view;
  };
  return {
    header: words(HEADER_WORDS),
    nameStart: words(counts.actions + 1),
    serviceFirst: words(counts.services + 1),
    serviceStart: words(counts.services + 1),
    nodeLo: words(counts.nodes),
    nodeHi: words(counts.nodes),
    nodeEnd: words(counts.nodes),
    nodeLength: words(counts.nodes),
    nodeSpelling: words(counts.nodes),
    hashSlots: words(counts.slots),
    levels: bytes(counts.actions),
    names: bytes(counts.nameBytes),
    folded: bytes(counts.nameBytes),
    services: bytes(counts.serviceBytes),
    label: bytes(counts.labelBytes),
  };
}

/** Slots of the hash table: a power of two, at most half full, at least one slot. */
export function slotCount(actions: number): number {
  let slots = 1;
  while (slots < 2 * actions) slots *= 2;
  return slots;
}

/** FNV-1a, 32 bits, over folded text. */
export const HASH_SEED = 0x811c_9dc5;
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x0100_0193);
}

/** Checksum over every word of an image but the checksum's own. O(bytes), about a millisecond for the whole of AWS. */
export function checksumOf(buffer: ArrayBufferLike): number {
  const words = new Uint32Array(buffer);
  let hash = HASH_SEED;
  for (let i = 0; i < words.length; i++) {
    if (i === HEADER.checksum) continue;
    hash = Math.imul(hash ^ words[i]!, 0x0100_0193); // i is inside
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function wordCount(counts: Counts): number {
  return HEADER_WORDS + (counts.actions + 1) + 2 * (counts.services + 1) + 5 * counts.nodes + counts.slots;
}

function byteCount(counts: Counts): number {
  return counts.actions + 2 * counts.nameBytes + counts.serviceBytes + counts.labelBytes;
}
