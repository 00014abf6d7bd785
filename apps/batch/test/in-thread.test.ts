/** How much memory the thread may have in which `refine` works. */
import { describe, expect, test } from "vitest";
import { heapMb } from "../dist/in-thread.js";

describe("the heap of the thread that writes", () => {
  test("is a gigabyte where Node would take more, since V8 lets garbage pile up where it may", () => {
    expect(heapMb([""], 4144)).toBe(1000);
    expect(heapMb(["--enable-source-maps", "--require ./max-old-space-size.cjs"], 4144)).toBe(1000);
  });

  test("is what Node may take where that is less", () => {
    expect(heapMb([""], 512)).toBe(512);
  });

  test.each([
    [["--max-old-space-size=6000", ""]],
    [["--no-warnings", "--max_old_space_size=6000", ""]],
    [["--import=./x.js", "--no-warnings --max-old-space-size=6000"]],
  ])("is what somebody has given Node, by option or in NODE_OPTIONS: %j", (said) => {
    expect(heapMb(said, 6048)).toBe(6048);
    expect(heapMb(said, 150)).toBe(150);
  });
});
