import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DEMO } from "./leastwise.ts";

/** Copies of the made-up organization under other account ids, each with documents of its own, so that there is time to interrupt. */
export function multiplyDemo(target: string, copies: number): void {
  const accounts = ["111122223333", "123456789012", "210987654321", "444455556666", "555566667777", "999988887777"];
  for (const entry of readdirSync(DEMO, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".md")) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(DEMO.length + 1);
    const bytes = readFileSync(path);
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    for (let copy = 0; copy < copies; copy++) {
      const mine = (from: string): string =>
        accounts.reduce((all, account, i) => all.replaceAll(account, String(700_000_000_000 + copy * 10 + i)), from);
      const content = mine(text).replaceAll('"Version": "2012-10-17"', `"Version": "2012-10-17", "Id": "copy-${copy}"`);
      const file = join(target, `copy-${copy}`, mine(name));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, name.endsWith(".gz") ? gzipSync(content) : content);
    }
  }
}
