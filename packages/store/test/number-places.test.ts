import { describe, expect, test } from "vitest";
import { NumberPlaces } from "../src/conclude/totals/number-places.ts";

describe("places of numbers", () => {
  test("are given in the order in which numbers first come, however many there are", () => {
    const places = new NumberPlaces();
    const numbers = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003);
    for (const [i, number] of numbers.entries()) expect(places.add(number)).toBe(i);
    for (const [i, number] of numbers.entries()) {
      expect(places.add(number)).toBe(i);
      expect([places.find(number), places.at(i)]).toEqual([i, number]);
    }
    expect(places.size).toBe(5000);
    expect(places.find(5003)).toBe(-1);
    expect([...places.sorted()]).toEqual(numbers.toSorted((a, b) => a - b));
  });

  test("tell numbers apart that differ in their upper bits alone", () => {
    const places = new NumberPlaces();
    const numbers = [0, 1, 2 ** 26, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 52, Number.MAX_SAFE_INTEGER];
    expect(numbers.map((number) => places.add(number))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(numbers.map((number) => places.find(number))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
