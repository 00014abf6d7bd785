import { expect, it } from "vitest";
import { type Certificate, certificateText } from "../src/certificate/certificate.ts";

const CERTIFICATE: Certificate = {
  catalog: "c".repeat(64),
  origin: { engineVersion: 3, catalogSource: "iam-data", catalogDate: "2024-11-20" },
  options: { granularity: "word", services: [["s3", "exact"]], keptSids: ["Keep"] },
  existing: "e".repeat(64),
  unused: "d".repeat(64),
  recommendedAction: "CREATE_POLICY",
  recommended: "f".repeat(64),
  grants: { before: 7, removed: 2, after: 5 },
  granted: { before: [0, 3, 5, 9], removed: [1, 2, 5, 6], after: [0, 1, 2, 3, 6, 9] },
  changes: '[[0,"Action","s3:Get*","s3:GetObject"]]',
  unknownActions: '[[0,"s3:Retired"]]',
};

it("a certificate is one minified text, its keys in their order and its actions as bounds of runs", () => {
  const text = certificateText(CERTIFICATE);
  expect(text).toBe(
    JSON.stringify({
      certificate: 1,
      catalog: "c".repeat(64),
      catalogSource: "iam-data",
      catalogDate: "2024-11-20",
      engineVersion: 3,
      options: { granularity: "word", services: [["s3", "exact"]], keptSids: ["Keep"] },
      existing: "e".repeat(64),
      unused: "d".repeat(64),
      recommendedAction: "CREATE_POLICY",
      recommended: "f".repeat(64),
      actions: [7, 2, 5],
      before: [0, 3, 5, 9],
      removed: [1, 2, 5, 6],
      after: [0, 1, 2, 3, 6, 9],
      changes: [[0, "Action", "s3:Get*", "s3:GetObject"]],
      unknownActions: [[0, "s3:Retired"]],
    }),
  );
});

it("a certificate of a policy that is thrown away has no document and nothing left", () => {
  const granted = { before: [0, 3], removed: [0, 3], after: [] };
  const text = certificateText({ ...CERTIFICATE, recommendedAction: "DETACH_POLICY", recommended: null, granted });
  expect(JSON.parse(text)).toMatchObject({ recommended: null, before: [0, 3], removed: [0, 3], after: [] });
});
