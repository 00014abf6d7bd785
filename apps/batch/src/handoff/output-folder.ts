import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXIT, Failure } from "../exit-code.ts";
import { reasonOf } from "../reason.ts";

/** A part of a path that names a thing below and nothing else: no way up, no way round. */
const SAFE_PART = /^(?!\.+$)[\w.@=+,%-]+$/;
const BUFFERED = 1 << 16;

/**
 * A new folder that everything of an export goes into. Files are made, never opened: what is there already, a link above all, is an
 * error. Paths are relative, of safe parts.
 */
export class OutputFolder {
  readonly #root: string;
  /** Folders already made, of the account at hand: emptied by `forget`. */
  readonly #made = new Set<string>();

  /** @throws Failure `usage` where something lies in it already, `io` where it cannot be made */
  constructor(root: string) {
    this.#root = root;
    explained(root, () => {
      mkdirSync(root, { recursive: true });
      if (readdirSync(root).length > 0) {
        const hint = "name a new folder: what lies there may have been applied, and its log takes it back";
        throw new Failure(EXIT.usage, `\`${root}\` is not empty`, hint);
      }
    });
  }

  /** Writes a file that is not there yet, its folders too. */
  write(path: string, text: string): void {
    explained(this.#root, () => writeFileSync(this.#place(path), text, { flag: "wx" }));
  }

  /** A file that grows; it gets its name when it is finished, so that a half of it is never taken for the whole. */
  begin(path: string, mode = 0o644): GrowingFile {
    const place = this.#place(path);
    return explained(this.#root, () => new GrowingFile(this.#root, place, mode));
  }

  /** What was said of folders is forgotten, for memory's sake. */
  forget(): void {
    this.#made.clear();
  }

  #place(path: string): string {
    const unsafe = path.split("/").find((part) => !SAFE_PART.test(part));
    if (unsafe !== undefined) throw new Error(`\`${path}\` was to be a safe path`);
    const place = join(this.#root, path);
    const folder = dirname(place);
    if (!this.#made.has(folder)) {
      explained(this.#root, () => mkdirSync(folder, { recursive: true }));
      this.#made.add(folder);
    }
    return place;
  }
}

/** A file that is written piece by piece, 64 KB at a time. */
export class GrowingFile {
  readonly #root: string;
  readonly #path: string;
  readonly #handle: number;
  #waiting = "";

  constructor(root: string, path: string, mode: number) {
    this.#root = root;
    this.#path = path;
    this.#handle = openSync(`${path}.part`, "wx", mode);
  }

  write(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length > BUFFERED) this.#flush();
  }

  /** Gives the file its name. */
  finish(): void {
    this.#flush();
    explained(this.#root, () => {
      closeSync(this.#handle);
      if (lstatSync(this.#path, { throwIfNoEntry: false }) !== undefined) throw new Error(`\`${this.#path}\` is there`);
      renameSync(`${this.#path}.part`, this.#path);
    });
  }

  #flush(): void {
    explained(this.#root, () => {
      const bytes = Buffer.from(this.#waiting);
      for (let written = 0; written < bytes.length;) written += writeSync(this.#handle, bytes, written);
    });
    this.#waiting = "";
  }
}

/** What the file system says, in one line with a way out. */
function explained<T>(root: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall !== "string") throw error; // not from the file system
    const message = `\`${root}\` cannot be written: ${reasonOf(error)}`;
    throw new Failure(EXIT.io, message, "check the folder and the disk", { cause: error });
  }
}
