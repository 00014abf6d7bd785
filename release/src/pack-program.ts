/** `npm run tarball`: makes the one file that is handed over, and says what is in it. */
import { resolve } from "node:path";
import { pack } from "./tarball/pack.ts";

const { path, packedSize, unpackedSize, integrity, files } = pack(resolve("."), resolve(process.argv[2] ?? "tarball"));
process.stdout.write(
  `${path}\n${files.length} files, ${kB(packedSize)} kB packed, ${kB(unpackedSize)} kB unpacked\n${integrity}\n`,
);

function kB(bytes: number): number {
  return Math.ceil(bytes / 1000);
}
