/** Large files of which reading or writing fails. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { builtInCatalog } from "@leastwise/catalog";
import { openForWriting } from "@leastwise/store";
import { describe, expect, test } from "vitest";
import { readSettings } from "../dist/config/read-settings.js";
import { SILENT } from "../dist/progress.js";
import { run } from "../dist/run.js";
import { listInputs } from "../dist/stages/list-inputs.js";
import { type Executor, inlineExecutor } from "../dist/workers/executor.js";
import { type LargeTask, readInParts } from "../dist/workers/read-large-file.js";
import type { ReadBatch } from "../dist/workers/read-files.js";
import { CLEAN, allowing, temporaryFolder, write } from "./leastwise.ts";

const folder = temporaryFolder();
const SPACE = " ".repeat(17 * 1024 * 1024); // more than what is read whole

test("a file that cannot be opened is told of once", async () => {
  const said: ReadBatch[] = [];
  for await (const part of readInParts({ path: join(folder, "missing.json") })) said.push(part);
  const diagnostics = said.flatMap(({ files }) => files.flatMap((file) => file.diagnostics));
  expect(diagnostics).toMatchObject([{ code: "unreadable-file" }]);
});

describe("a file that can no longer be read behind some of its parts", () => {
  const ARN = "arn:aws:iam::123456789012";
  const policy = (name: string): object => ({
    PolicyName: name,
    Arn: `${ARN}:policy/${name}`,
    DefaultVersionId: "v1",
    PolicyVersionList: [{ VersionId: "v1", IsDefaultVersion: true, Document: allowing("s3:GetObject", "sqs:*") }],
  });
  const role = {
    RoleName: "web",
    Arn: `${ARN}:role/web`,
    AttachedManagedPolicies: [{ PolicyName: "p0", PolicyArn: `${ARN}:policy/p0` }],
  };
  const inputs = join(folder, "inputs");
  const many = Array.from({ length: 12_000 }, (_, n) => ({ ...policy(`p${n}`), Description: "x".repeat(400) }));
  const said = { Policies: [{ PolicyName: "refused" }, ...many], RoleDetailList: [role] };
  const large = write(inputs, "a.json", `${JSON.stringify(said)}${SPACE}`);
  write(inputs, "b.json", { Policies: [policy("p0")], RoleDetailList: [role] });
  const executor = inlineExecutor(builtInCatalog().trie.buffer);

  /** Takes the file away when its first part is there. */
  async function* disturbed(task: LargeTask): AsyncGenerator<ReadBatch> {
    for await (const part of readInParts(task)) {
      yield part;
      rmSync(large, { force: true });
    }
  }

  test("counts as one that cannot be read; the others are read, also where they have the same documents", async () => {
    const db = openForWriting(join(folder, "disturbed.db"));
    const job = {
      files: listInputs([inputs]),
      catalog: builtInCatalog(),
      settings: readSettings(undefined, folder, {}),
    };
    const reader: Executor = { ...executor, readLarge: disturbed };
    let refused = 0;
    const progress = { ...SILENT, advance: (_: number, more: number) => (refused += more) };
    const { summary } = await run(db, job, reader, progress);
    expect(refused).toBe(1); // the file, and not what a part of it refused before
    expect(summary).toMatchObject({ policies: 1, attachments: 1 });
    expect(db.prepare("SELECT severity, code, path FROM diagnostic").all()).toEqual([
      { severity: "error", code: "unreadable-file", path: large },
    ]);
    expect(db.prepare("SELECT count(*) FROM input").pluck().get()).toBe(2);
    db.close();
  });
});

/** A built module's address, quoted. */
function built(name: string): string {
  return JSON.stringify(new URL(`../dist/${name}.js`, import.meta.url).href);
}

test("a failed run ends while large files wait for a thread", () => {
  const user = { UserName: "a", Arn: "arn:aws:iam::123456789012:user/a", padding: "x".repeat(1024 * 1024) };
  const said = { UserDetailList: Array.from({ length: 20 }, () => user) }; // more parts than are sent before one is taken
  const paths = [1, 2, 3, 4].map((n) => write(folder, `waiting-${n}.json`, said));
  const script = `
    const { poolExecutor } = await import(${built("workers/executor")});
    const { ingest } = await import(${built("stages/ingest")});
    const { listInputs } = await import(${built("stages/list-inputs")});
    const { SILENT } = await import(${built("progress")});
    const { openForWriting } = await import(${JSON.stringify(import.meta.resolve("@leastwise/store"))});
    const db = openForWriting(${JSON.stringify(join(folder, "failing.db"))});
    db.exec("CREATE TEMP TRIGGER disk BEFORE INSERT ON main.input BEGIN SELECT RAISE(ABORT, 'in the way'); END");
    const pool = poolExecutor(new SharedArrayBuffer(8), 1, { memoryMb: 1024, taskSeconds: 0 });
    try {
      await ingest(db, { runId: 1, resumed: false, baseRunId: null }, { files: listInputs(${JSON.stringify(paths)}) }, pool, SILENT, () => "");
    } catch (error) {
      console.log(error.message);
    } finally {
      await pool.close();
    }`;
  const options = { env: CLEAN, encoding: "utf8", timeout: 20_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], options);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "in the way\n", stderr: "" }); // no status where it had to be ended
});
