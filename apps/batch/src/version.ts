import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
}; // this package's own

export const VERSION: string = manifest.version;

/** Raised with every change that could alter an answer, so that stored answers of older engines are not taken for new ones. */
export const ENGINE_VERSION = 1;
