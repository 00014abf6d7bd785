import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CASES } from "./handoff-account.ts";
import { NOW, failing, failures, handoffs, permissions, watch } from "./handoff-runs.ts";
import { isWrite } from "./stub-aws/stub-iam.ts";

const { made, run } = handoffs({ asFunction: true });

describe.each(Object.entries(CASES))("%s", (_name, build) => {
  test("whichever call fails, and whenever: apply again finishes, rollback restores, and nobody ever has too little", async () => {
    const model = made(build);
    const before = model.iam.snapshot();
    const most = permissions(model.iam);
    await run(model.iam, model.apply, ...NOW);
    const after = model.iam.standing();
    const least = permissions(model.iam);
    const { calls } = model.iam;
    expect(calls.length).toBeGreaterThan(2);
    for (const how of failures(calls)) {
      // what was written when a call fails that reads is what was written when the next that writes does
      const ways = isWrite(calls[how.call - 1] ?? []) ? ["goes on", "takes back"] : ["goes on"];
      for (const way of ways) {
        const { iam, apply, rollback, folder } = made(build);
        const broken = watch(iam, least, most);
        await failing(run, iam, how, apply);
        const steps = ways.length === 1 ? [apply] : way === "goes on" ? [apply, rollback] : [rollback, apply, rollback];
        for (const script of steps) {
          expect(await run(iam, script, ...NOW)).toMatchObject({ code: 0 });
          const [state, wanted] = script === apply ? [iam.standing(), after] : [iam.snapshot(), before];
          expect({ how, way, script, state }).toEqual({ how, way, script, state: wanted });
        }
        expect(broken).toEqual([]);
        rmSync(folder, { recursive: true });
      }
    }
  }, 300_000);
});
