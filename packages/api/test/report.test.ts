import { replyKey } from "@leastwise/api";
import { expect, test } from "vitest";

test("the same question has one key, in whatever order it is asked, of whatever run and however many rows", () => {
  const asked = { sort: "removed", account: "123456789012", run: "3", limit: "100", q: "" };

  expect(replyKey("recommendations", asked)).toBe("recommendations?account=123456789012&sort=removed");
  expect(replyKey("recommendations", { account: "123456789012", sort: "removed", after: undefined })).toBe(
    "recommendations?account=123456789012&sort=removed",
  );
  expect(replyKey("overview", {})).toBe("overview?");
});

test("a value cannot pass for another parameter", () => {
  expect(replyKey("recommendations", { q: "a&sort=removed" })).toBe("recommendations?q=a%26sort%3Dremoved");
});
