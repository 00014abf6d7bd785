import { describe, expect, test } from "vitest";
import { principalOfPath } from "../src/principal-of-path.ts";

const ROLE = "arn:aws:iam::123456789012:role/path/Name";

describe("an ARN in the path", () => {
  test.each([
    ["as it is", `exports/${ROLE}.json`, ROLE],
    ["gzipped", `exports/${ROLE}.json.gz`, ROLE],
    ["in lines", `${ROLE}.jsonl`, ROLE],
    ["without an extension", `/data/${ROLE}`, ROLE],
    ["below a folder that looks like an account's", `123456789012/role/${ROLE}.json`, ROLE],
    [
      "of a user with a point in the name",
      "x/arn:aws:iam::123456789012:user/jane.doe.json",
      "arn:aws:iam::123456789012:user/jane.doe",
    ],
    [
      "of another partition",
      "arn:aws-us-gov:iam::123456789012:group/g.json",
      "arn:aws-us-gov:iam::123456789012:group/g",
    ],
    ["of a managed policy", "arn:aws:iam::aws:policy/service-role/X.json", "arn:aws:iam::aws:policy/service-role/X"],
    ["percent-encoded", "exports/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpath%2FName.json", ROLE],
    ["percent-encoded in lower case", "arn%3aaws%3aiam%3a%3a123456789012%3arole%2fpath%2fName.json.gz", ROLE],
    ["percent-encoded in its slashes alone", "exports/arn:aws:iam::123456789012:role%2Fpath%2FName.json", ROLE],
    ["percent-encoded as a folder of pages", `${encodeURIComponent(ROLE)}/page-1.json`, ROLE],
  ])("%s", (_, path, arn) => {
    expect(principalOfPath(path)).toBe(arn);
  });
});

describe("an account, a kind and a name", () => {
  test.each([
    ["123456789012/role/Name.json", "123456789012:role/Name"],
    ["exports/123456789012/roles/Name.json.gz", "123456789012:role/Name"],
    ["/exports/123456789012/users/jane.doe@example.com.json", "123456789012:user/jane.doe@example.com"],
    ["exports/123456789012/users/jane%40example.com.json", "123456789012:user/jane@example.com"],
    ["exports/123456789012/group/on-call.ndjson", "123456789012:group/on-call"],
  ])("%s", (path, reference) => {
    expect(principalOfPath(path)).toBe(reference);
  });
});

describe("nobody", () => {
  test.each([
    "export.json",
    "123456789012.json",
    "123456789012/Name.json",
    "12345678901/role/Name.json",
    "1234567890123/role/Name.json",
    "123456789012/role/path/Name.json",
    "123456789012/policy/Name.json",
    "123456789012/role/a b.json",
    "123456789012/role/%E0%A4%A.json",
    "x-arn:aws:iam::123456789012:role/Name.json",
    "arn:aws:s3:::bucket.json",
    "arn%3Aaws%3As3%3A%3A%3Abucket.json",
    "",
  ])("%j", (path) => {
    expect(principalOfPath(path)).toBeUndefined();
  });
});
