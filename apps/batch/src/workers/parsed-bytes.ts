import { LONGEST_LINE, MAX_TEXT_BYTES, startsAsLines } from "@leastwise/evidence";

/**
 * Files that parse to more bytes than this are read line by line where they are lines of JSON. That is as fast at any size and takes
 * less memory (60 MB of CloudTrail records: 90 MB instead of 300); only to look how a small file begins is not worth it.
 */
export const LINES_ABOVE: number = 16 * 1024 * 1024;

/** Gzip makes JSON of this kind ten to twenty times smaller. */
const GZIP_RATIO = 20;

interface Sized {
  readonly path: string;
  readonly bytes: number;
}

/** A file, or a folder whose files are parsed one after the other. */
interface Input extends Sized {
  readonly parts?: readonly Sized[];
}

/** How much there is to parse, in bytes, as far as a file's name and size tell. */
export function parsedBytes({ path, bytes }: Sized): number {
  return path.endsWith(".gz") ? GZIP_RATIO * bytes : bytes;
}

/**
 * How many bytes a thread may have to parse at once, at the most: of a file that is read line by line one line, of others all,
 * up to what is never read whole. Looks into large files, the largest first, until one is met that is no lines.
 */
export async function mostParsedAtOnce(inputs: readonly Input[]): Promise<number> {
  const files = inputs.flatMap((input): readonly Sized[] => input.parts ?? [input]);
  const large = files.filter((file) => parsedBytes(file) > LINES_ABOVE).sort((a, b) => parsedBytes(b) - parsedBytes(a));
  let most = 0;
  for (const file of large) {
    if (!(await isLines(file))) return Math.max(most, Math.min(parsedBytes(file), MAX_TEXT_BYTES)); // the others are smaller
    most = LONGEST_LINE;
  }
  return files.reduce((largest, file) => Math.max(largest, Math.min(parsedBytes(file), LINES_ABOVE)), most);
}

async function isLines({ path }: Sized): Promise<boolean> {
  try {
    return await startsAsLines(path);
  } catch {
    return true; // cannot be read, which is told of when its turn comes; nothing of it is parsed
  }
}
