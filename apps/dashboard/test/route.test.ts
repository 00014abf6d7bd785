import { expect, test } from "vitest";
import { parseRoute, routeHash } from "../src/routing/route.ts";

test("an address comes back as it was, whatever is in it", () => {
  const query = { q: "a&b=c#d?e%f +ü\u202E", principal: "arn:aws:iam::123456789012:role/a/b", policy: "x#y" };
  expect(parseRoute(routeHash("/policies", query))).toEqual({ path: "/policies", query });
});

test("the same place has one address", () => {
  expect(routeHash("/p", { b: "2", a: "1", c: "", d: undefined })).toBe("#/p?a=1&b=2");
  expect(routeHash("/p", { a: "1", b: "2" })).toBe("#/p?a=1&b=2");
  expect(routeHash("/p", { a: "" })).toBe("#/p");
});

test("what is no address is the first page", () => {
  for (const hash of ["", "#", "#nonsense", "#?q=1"]) expect(parseRoute(hash).path).toBe("/");
});

test("of a name said twice the last counts, and a broken percent sign does no harm", () => {
  expect(parseRoute("#/p?a=1&a=2").query).toEqual({ a: "2" });
  expect(parseRoute("#/p?a=%E0%A4%A&b=1").query["b"]).toBe("1");
});
