import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OrganizationShape } from "../organization/shape.ts";
import { writeOrganization } from "../organization/write-organization.ts";

/** A folder for one suite: its organizations, each made once, and databases. Gone when the suite is. */
export class Workshop {
  readonly seed: number;
  readonly quick: boolean;
  readonly #folder: string;
  readonly #organizations = new Map<string, string>();
  readonly #databases = new Map<string, string>();
  readonly #tell: (text: string) => void;

  constructor(seed: number, quick: boolean, tell: (text: string) => void) {
    this.seed = seed;
    this.quick = quick;
    this.#tell = tell;
    this.#folder = mkdtempSync(join(tmpdir(), "leastwise-bench-"));
  }

  /**
   * The folder of an organization's exports.
   *
   * @param copy organizations of one shape but different copies are in folders of their own
   */
  async organization(shape: OrganizationShape, copy = ""): Promise<string> {
    const key = `${JSON.stringify(shape)} ${copy}`;
    const known = this.#organizations.get(key);
    if (known !== undefined) return known;
    const folder = join(this.#folder, `exports-${this.#organizations.size}`);
    mkdirSync(folder);
    this.#tell("making an organization");
    await writeOrganization(folder, shape);
    this.#organizations.set(key, folder);
    return folder;
  }

  /** Where a database of this name may be made; whatever is there goes. */
  freshDatabase(name: string): string {
    const path = join(this.#folder, `${name}.db`);
    for (const suffix of ["", "-wal", "-shm"]) {
      rmSync(path + suffix, { force: true });
      rmSync(`${path}-floor${suffix}`, { force: true });
    }
    return path;
  }

  /** A database that is made once. */
  async database(name: string, make: (path: string) => Promise<void>): Promise<string> {
    const known = this.#databases.get(name);
    if (known !== undefined) return known;
    const path = this.freshDatabase(name);
    await make(path);
    this.#databases.set(name, path);
    return path;
  }

  /** A copy of a closed database. */
  copyOf(path: string, name: string): string {
    const copy = this.freshDatabase(name);
    copyFileSync(path, copy);
    return copy;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
