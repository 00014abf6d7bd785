import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CASES } from "./handoff-account.ts";
import { NOW, failing, failures, handoffs, permissions, watch } from "./handoff-runs.ts";

const { made, run } = handoffs({ asFunction: true });

describe.each(Object.entries(CASES))("%s", (_name, build) => {
  test("whichever call of a rollback fails: rollback again restores, and nobody ever has too little", async () => {
    const model = made(build);
    const before = model.iam.snapshot();
    const most = permissions(model.iam);
    await run(model.iam, model.apply, ...NOW);
    const least = permissions(model.iam);
    model.iam.calls.length = 0;
    await run(model.iam, model.rollback, ...NOW);
    const { calls } = model.iam;
    expect(calls.length).toBeGreaterThan(2);
    for (const how of failures(calls)) {
      const { iam, apply, rollback, folder } = made(build);
      await run(iam, apply, ...NOW);
      const broken = watch(iam, least, most);
      await failing(run, iam, how, rollback);
      expect(await run(iam, rollback, ...NOW)).toMatchObject({ code: 0 });
      expect({ how, state: iam.snapshot() }).toEqual({ how, state: before });
      expect(broken).toEqual([]);
      rmSync(folder, { recursive: true });
    }
  }, 300_000);
});
