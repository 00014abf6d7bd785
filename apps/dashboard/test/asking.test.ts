/** How the page asks: again where nobody answers, on where a page has few rows, and never two at a time. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Page } from "@leastwise/api";
import { AskFailure } from "../src/asking/failure.ts";
import { createRowLoader } from "../src/asking/row-loader.ts";
import { gone, serverClient } from "../src/asking/server-client.ts";

const never = new AbortController().signal;
const pageOf = (rows: readonly number[], next: string | null, looked = rows.length): Page<number> => ({
  rows,
  next,
  looked,
  total: null,
});

function answering(...answers: readonly (Response | "nobody")[]): {
  readonly urls: string[];
  readonly fetcher: typeof fetch;
} {
  const urls: string[] = [];
  const left = [...answers];
  const fetcher: typeof fetch = (url) => {
    urls.push(url instanceof Request ? url.url : url.toString());
    const next = left.shift();
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(new TypeError("failed to fetch"));
  };
  return { urls, fetcher };
}

describe("the server", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    gone.set(null);
  });

  test("is asked by its name, with the parameters in order and none that is empty", async () => {
    const { urls, fetcher } = answering(Response.json({ rows: [] }));
    await serverClient(fetcher).ask("principals", { q: "a&b", account: "1", run: "" }, never);
    expect(urls).toEqual(["api/principals?account=1&q=a%26b"]);
    expect(serverClient(fetcher).csv("principals", { q: "x" })).toBe("api/principals.csv?q=x");
  });

  test("that does not answer is asked again, more and more seldom, and the page knows since when", async () => {
    const { urls, fetcher } = answering("nobody", "nobody", "nobody", "nobody", "nobody", "nobody", Response.json([]));
    const reply = serverClient(fetcher).ask("runs", {}, never);
    const waits: number[] = [];
    await vi.advanceTimersByTimeAsync(0);
    expect(gone.get()).not.toBeNull();
    while (gone.get() !== null) {
      const from = urls.length;
      const start = Date.now();
      while (urls.length === from) await vi.advanceTimersToNextTimerAsync();
      waits.push(Date.now() - start);
    }
    expect(waits).toEqual([400, 800, 1600, 3200, 4000, 4000]);
    expect(await reply).toEqual([]);
  });

  test("that says no is there: its words are handed on, and it is not asked again", async () => {
    const words = { code: "no-run", message: "there is no run 7", hint: "look at the runs" };
    const { urls, fetcher } = answering(Response.json(words, { status: 404 }));
    await expect(serverClient(fetcher).ask("overview", { run: "7" }, never)).rejects.toEqual(
      new AskFailure(404, words),
    );
    expect(urls).toHaveLength(1);
    expect(gone.get()).toBeNull();
  });

  test("behind a proxy that answers in its place: the status is said", async () => {
    const { fetcher } = answering(new Response("<html>", { status: 502 }), new Response("<html>", { status: 401 }));
    const client = serverClient(fetcher);
    await expect(client.ask("runs", {}, never)).rejects.toMatchObject({ status: 502, failure: { code: "HTTP_502" } });
    await expect(client.ask("runs", {}, never)).rejects.toMatchObject({ failure: { code: "NOT_ALLOWED" } });
  });

  test("is left alone once nobody wants to know any more", async () => {
    const abort = new AbortController();
    const { urls, fetcher } = answering("nobody");
    const reply = serverClient(fetcher).ask("runs", {}, abort.signal);
    const ended = reply.catch(String);
    await vi.advanceTimersByTimeAsync(0);
    abort.abort();
    expect(await ended).toMatch(/abort/i);
    await vi.runAllTimersAsync();
    expect(urls).toHaveLength(1);
  });
});

describe("a list", () => {
  test("goes on over pages with few rows or none until it has what is wanted", async () => {
    const asked: (string | undefined)[] = [];
    const pages = [pageOf([1], "a", 1000), pageOf([], "b", 1000), pageOf([2, 3], "c", 1000), pageOf([4], null)];
    const loader = createRowLoader<number>(
      (after) => {
        asked.push(after);
        return Promise.resolve(pages[asked.length - 1] ?? pageOf([], null));
      },
      () => undefined,
    );
    loader.reach(2);
    await vi.waitUntil(() => !loader.loaded().busy);
    expect(loader.loaded()).toMatchObject({ rows: [1, 2, 3], looked: 3000, over: false });
    expect(asked).toEqual([undefined, "a", "b"]);
    loader.reach(100);
    await vi.waitUntil(() => loader.loaded().over);
    expect(loader.loaded().rows).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([undefined, "a", "b", "c"]);
  });

  test("asks once at a time, however often it is told how far to go", async () => {
    let asked = 0;
    const loader = createRowLoader<number>(
      () => Promise.resolve(pageOf([++asked], asked < 3 ? "next" : null)),
      () => undefined,
    );
    for (let times = 0; times < 5; times++) loader.reach(10);
    await vi.waitUntil(() => loader.loaded().over);
    expect(asked).toBe(3);
  });

  test("keeps what it has where it fails, and goes on from there", async () => {
    let times = 0;
    const loader = createRowLoader<number>(
      () => {
        times++;
        if (times === 2) return Promise.reject(new Error("no"));
        return Promise.resolve(pageOf([times], times === 1 ? "next" : null));
      },
      () => undefined,
    );
    loader.reach(10);
    await vi.waitUntil(() => loader.loaded().failure !== null);
    expect(loader.loaded()).toMatchObject({ rows: [1], busy: false, over: false });
    loader.retry();
    await vi.waitUntil(() => loader.loaded().over);
    expect(loader.loaded()).toMatchObject({ rows: [1, 3], failure: null });
  });
});
