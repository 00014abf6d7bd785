/** Objects and lists inside one another, at the most, in any JSON that is read: AWS's exports have some fifteen. */
export const MOST_LEVELS = 1000;

/**
 * What a quick look at the bytes of a JSON text tells before it is parsed. `one`: one value, no deeper than `MOST_LEVELS`, and no object of it
 * has a key twice. `perhaps-twice`: an object may have a key twice, which `keyTwice` decides. `several`: something follows the first value,
 * so that it is no JSON value, but may be lines of them. Of what is no JSON at all it may tell anything but never goes wrong: JSON.parse
 * has the last word.
 */
export type Look = "one" | "perhaps-twice" | "several" | "too-deep";

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [COMMA, QUOTE, BACKSLASH, NEWLINE, SPACE] = [0x2c, 0x22, 0x5c, 0x0a, 0x20];
const FOUR_SPACES = 0x20202020;

/** Keys of an object that are compared one by one, which is the quickest way for few. */
const MOST_KEYS = 64;

/** For each object and list that is open: where the keys of the one around it begin, doubled, plus one where that is an object. */
const outer = new Int32Array(MOST_LEVELS + 1);
/** Of the keys of all open objects, where each begins and what it looks like. */
const starts = new Int32Array((MOST_LEVELS + 1) * MOST_KEYS);
const looks = new Int32Array((MOST_LEVELS + 1) * MOST_KEYS);

/**
 * Looks at UTF-8 bytes, O(bytes). JSON.parse takes the last of two members of one name and says nothing, so that what counts would be
 * something that a reader of the file does not see; and it asks for memory for every level.
 *
 * It is on the way of every byte that is read, so blanks go four at a time, and keys are compared by a few of their characters first.
 */
export function lookAtJson(bytes: Uint8Array): Look {
  const end = bytes.length;
  const lastQuote = bytes.lastIndexOf(QUOTE);
  const misalignment = bytes.byteOffset % 4;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset - misalignment, (misalignment + end) >> 2);
  let isPerhapsTwice = false;
  let depth = 0;
  let inObject = 0;
  let isKeyNext = 0;
  let base = 0; // of the keys of the innermost object, where they begin and end
  let top = 0;
  for (let at = 0; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const start = ++at;
      if (at > lastQuote) break; // a string without an end
      let next = bytes[at];
      while (next !== QUOTE && next !== BACKSLASH) next = bytes[++at];
      if (next === BACKSLASH) {
        if (isKeyNext === 1) isPerhapsTwice = true; // two spellings may be one key
        while (next === BACKSLASH && at + 2 <= lastQuote) {
          next = bytes[(at += 2)];
          while (next !== QUOTE && next !== BACKSLASH) next = bytes[++at];
        }
        if (next === BACKSLASH) break;
      }
      if (isKeyNext === 1) {
        isKeyNext = 0;
        if (top - base === MOST_KEYS) isPerhapsTwice = true;
        else {
          const look = at - start + (bytes[start]! << 8) + (bytes[at - 1]! << 16) + (bytes[(start + at) >> 1]! << 24); // at worst the quotes
          for (let key = base; key < top; key++) {
            if (looks[key] === look && isSame(bytes, starts[key]!, start, at - start)) isPerhapsTwice = true; // inside
          }
          starts[top] = start;
          looks[top++] = look;
        }
      } else if (depth === 0) {
        return restOf(bytes, at + 1, isPerhapsTwice);
      }
    } else if (byte === NEWLINE) {
      let next = at + 1;
      while (bytes[next] === SPACE && ((next + misalignment) & 3) !== 0) next++;
      if (((next + misalignment) & 3) === 0) {
        let word = (next + misalignment) >> 2;
        while (words[word] === FOUR_SPACES) word++;
        next = (word << 2) - misalignment;
      }
      while (bytes[next] === SPACE) next++;
      at = next - 1;
    } else if (byte === COMMA) {
      isKeyNext = inObject;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === MOST_LEVELS) return "too-deep";
      outer[depth++] = (base << 1) | inObject;
      base = top;
      inObject = isKeyNext = byte === OPEN_OBJECT ? 1 : 0;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      if (depth === 0) return "several";
      top = base;
      const around = outer[--depth]!; // inside
      base = around >> 1;
      inObject = around & 1;
      isKeyNext = 0;
      if (depth === 0) return restOf(bytes, at + 1, isPerhapsTwice);
    }
  }
  return isPerhapsTwice ? "perhaps-twice" : "one";
}

/** What follows the end of the first object, list or string: blanks, or something. */
function restOf(bytes: Uint8Array, from: number, isPerhapsTwice: boolean): Look {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== NEWLINE && byte !== 0x0d && byte !== 0x09) return "several";
  }
  return isPerhapsTwice ? "perhaps-twice" : "one";
}

function isSame(bytes: Uint8Array, one: number, other: number, length: number): boolean {
  for (let at = 0; at < length; at++) if (bytes[one + at] !== bytes[other + at]) return false;
  return true;
}
