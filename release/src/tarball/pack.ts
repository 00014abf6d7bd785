import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stage } from "./stage.ts";

/** The tarball that was made. Sizes are bytes. */
export interface Packed {
  readonly path: string;
  readonly packedSize: number;
  readonly unpackedSize: number;
  /** `sha512-…`, as a lock file of who installs it has it. */
  readonly integrity: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Makes `leastwise-VERSION.tgz` in the folder from what is built. No network: `npm pack` reads files alone. */
export function pack(root: string, folder: string): Packed {
  const staged = join(folder, "staged");
  mkdirSync(folder, { recursive: true });
  stage(root, staged);
  const out = execFileSync("npm", ["pack", "--json", "--offline", "--ignore-scripts", "--pack-destination", folder], {
    cwd: staged,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [made] = packedPackages(out);
  if (made === undefined) throw new Error("npm pack made nothing");
  const { filename, size, unpackedSize, integrity, files } = made;
  return { path: join(folder, filename), packedSize: size, unpackedSize, integrity, files };
}

interface Made {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly integrity: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** npm 10 gives a list, npm 12 an object by name. */
function packedPackages(json: string): readonly Made[] {
  const made = JSON.parse(json) as readonly Made[] | Readonly<Record<string, Made>>; // npm's own
  return Object.values(made);
}
