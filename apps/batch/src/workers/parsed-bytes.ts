import { LONGEST_LINE, LONGEST_VALUE, MAX_TEXT_BYTES, startsAsLargeJson, startsAsLines } from "@leastwise/evidence";

/**
 * Files that parse to more bytes than this are read in parts, where they are lines of JSON or lists. That is as fast at any size for
 * lines and takes less memory (60 MB of CloudTrail records: 90 MB instead of 300); other JSON is parsed twice then.
 */
const IN_PARTS_ABOVE = 16 * 1024 * 1024;

/** Gzip makes JSON of this kind ten to twenty times smaller. */
const GZIP_RATIO = 20;

interface Sized {
  readonly path: string;
  readonly bytes: number;
}

/** Whether a file is read in parts where it can be. */
export function isLarge(file: Sized): boolean {
  return parsedBytes(file) > IN_PARTS_ABOVE;
}

/** A file, or a folder whose files are parsed one after the other. */
interface Input extends Sized {
  readonly parts?: readonly Sized[];
}

/** How much there is to parse, in bytes, as far as a file's name and size tell. */
function parsedBytes({ path, bytes }: Sized): number {
  return path.endsWith(".gz") ? GZIP_RATIO * bytes : bytes;
}

/**
 * How many bytes a thread may have to parse at once, at the most: of a file that is read in parts one line or item, of others all,
 * up to what is never read whole. Looks into large files, the largest first, until one is met that cannot be read in parts.
 */
export async function mostParsedAtOnce(inputs: readonly Input[]): Promise<number> {
  let most = 0;
  const large: Sized[] = [];
  for (const input of inputs) {
    for (const file of input.parts ?? [input]) {
      if (!isLarge(file)) most = Math.max(most, parsedBytes(file));
      else if (input.parts === undefined) large.push(file);
      else most = Math.max(most, Math.min(parsedBytes(file), MAX_TEXT_BYTES));
    }
  }
  for (const file of large.sort((a, b) => parsedBytes(b) - parsedBytes(a))) {
    if (!(await isInParts(file))) return Math.max(most, Math.min(parsedBytes(file), MAX_TEXT_BYTES)); // the others are smaller
    most = Math.max(most, LONGEST_LINE, LONGEST_VALUE);
  }
  return most;
}

async function isInParts({ path }: Sized): Promise<boolean> {
  try {
    return (await startsAsLines(path)) || (await startsAsLargeJson(path));
  } catch {
    return true; // cannot be read, which is told of when its turn comes; nothing of it is parsed
  }
}
