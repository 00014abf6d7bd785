import { setMaxListeners } from "node:events";
import { connect } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { DEMO, leastwise, refined, temporaryFolder } from "./leastwise.ts";
import { type Serving, apiPath, get, reply, serving, servingWith } from "./serving.ts";

const folder = temporaryFolder();
const TOKEN = "a-token-that-nobody-guesses";
let db = "";
let open: Serving;
let locked: Serving;

beforeAll(async () => {
  db = refined(folder, "org.db", DEMO);
  [open, locked] = await Promise.all([serving(db), servingWith({ LEASTWISE_TOKEN: TOKEN }, db)]);
});

describe("who asks", () => {
  test.each(["127.0.0.1", "localhost", "[::1]", "LOCALHOST:9", "localhost:1234"])(
    "%s is a name of this machine",
    async (host) => {
      expect((await get(open.port, "/api/runs", { headers: { host } })).status).toBe(200);
    },
  );

  test.each(["evil.example", "localhost.evil.example", "evil.example:8477", "127.0.0.1.evil.example", "0", "a b"])(
    "by the name %j that somebody's DNS points here: nothing",
    async (host) => {
      const { status, text } = await get(open.port, "/api/runs", { headers: { host } });

      expect([400, 421]).toContain(status);
      expect(text).not.toContain("runId");
    },
  );

  test.each([
    [{ origin: "https://evil.example" }],
    [{ origin: "null" }],
    [{ origin: "http://localhost.evil.example" }],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" }],
  ])("another site in a person's browser: %j", async (headers) => {
    const { status } = await get(open.port, "/api/overview", { headers });

    expect(status).toBe(403);
  });

  test("the page's own questions, and a link to the page from elsewhere, are answered", async () => {
    const own = {
      host: `localhost:${open.port}`,
      origin: `http://localhost:${open.port}`,
      "sec-fetch-site": "same-origin",
    };
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

    expect((await get(open.port, "/api/runs", { headers: own })).status).toBe(200);
    expect((await get(open.port, "/", { headers: link })).status).not.toBe(403);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])("%s is not answered", async (method) => {
    const { status, headers } = await get(open.port, "/api/runs", { method });

    expect(status).toBe(405);
    expect(headers.allow).toBe("GET, HEAD");
  });

  test("HEAD says what GET would, without it", async () => {
    const whole = await get(open.port, "/api/questions");
    const head = await get(open.port, "/api/questions", { method: "HEAD" });

    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers["content-length"]).toBe(String(Buffer.byteLength(whole.text)));
  });
});

describe("a token", () => {
  test("without it: nothing, neither page nor answers", async () => {
    for (const path of ["/", "/api/runs", "/api/sql?sql=SELECT+1", "/?token=wrong", `/api/runs?token=${TOKEN}`]) {
      const { status, text, headers } = await get(locked.port, path);

      expect(status).toBe(401);
      expect(text).toContain("no-token");
      expect(headers["set-cookie"]).toBeUndefined();
    }
  });

  test("the link puts it into a cookie and out of the address; the cookie is not the token", async () => {
    const { status, headers } = await get(locked.port, `/?token=${TOKEN}`);
    const cookie = headers["set-cookie"]?.[0] ?? "";

    expect([status, headers.location]).toEqual([303, "/"]);
    expect(cookie).toMatch(/^leastwise=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(cookie).not.toContain(TOKEN);
    const kept = { cookie: `other=1; ${cookie.split(";")[0] ?? ""}` };
    expect((await get(locked.port, "/api/runs", { headers: kept })).status).toBe(200);
    expect((await get(locked.port, "/api/runs", { headers: { cookie: `${kept.cookie.slice(0, -1)}0x` } })).status).toBe(
      401,
    );
  });

  test("programs give it as a bearer", async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };

    expect((await get(locked.port, "/api/runs", { headers })).status).toBe(200);
    expect((await get(locked.port, "/api/runs", { headers: { authorization: `Bearer ${TOKEN}x` } })).status).toBe(401);
  });

  test("another address than a loopback one has one of its own making", async () => {
    const wide = await serving(db, "--host", "0.0.0.0");
    const token = new URL(wide.url).searchParams.get("token") ?? "";

    expect(token.length).toBeGreaterThan(40);
    expect((await get(wide.port, "/api/runs")).status).toBe(401);
    expect((await get(wide.port, "/api/runs", { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  test("one of a file is taken from there and is not said; a short one is refused", async () => {
    const file = join(folder, "token");
    writeFileSync(file, "0123456789abcdef0123\n");
    const filed = await serving(db, "--token-file", file);
    writeFileSync(join(folder, "short"), "1234\n");

    expect(filed.said()).not.toContain("0123456789abcdef");
    expect(
      (await get(filed.port, "/api/runs", { headers: { authorization: "Bearer 0123456789abcdef0123" } })).status,
    ).toBe(200);
    expect(leastwise("serve", "--db", db, "--token-file", join(folder, "short")).code).toBe(2);
    expect(leastwise("serve", "--db", db, "--token-file", join(folder, "none")).code).toBe(2);
  });
});

describe("what comes with every answer", () => {
  test.each(["/", "/api/runs", "/nowhere", "/api/nothing"])("%s", async (path) => {
    const { headers } = await get(open.port, path);

    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("answers are kept by nobody, and come compressed to whoever takes that", async () => {
    const plain = await get(open.port, "/api/schema");
    const zipped = await get(open.port, "/api/schema", { headers: { "accept-encoding": "gzip" } });

    expect(plain.headers["cache-control"]).toBe("no-store");
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(Number(zipped.headers["content-length"])).toBeLessThan(Number(plain.headers["content-length"]) / 2);
  });
});

describe("paths", () => {
  test.each([
    "/../package.json",
    "/..%2f..%2fpackage.json",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/assets/../../main.js",
    "/assets/..\\..\\main.js",
    "//etc/passwd",
    "/page/index.html",
    "/index.html%00.js",
    "/api/../api/runs",
    "/api/",
    "/api/__proto__",
    "/api/constructor",
    "/api/runs/",
    "/api/runs.csv",
  ])("%s is nowhere", async (path) => {
    const { status, text } = await get(open.port, path);

    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ code: "not-found" });
  });
});

describe("parameters", () => {
  test.each([
    ["recommendations", { sort: "removed; DROP TABLE run" }],
    ["recommendations", { sort: "u.unit_id" }],
    ["recommendations", { order: "desc--" }],
    ["recommendations", { limit: "0" }],
    ["recommendations", { limit: "501" }],
    ["recommendations", { limit: "1e2" }],
    ["recommendations", { removedFrom: "-1" }],
    ["recommendations", { policyKind: "' OR 1=1" }],
    ["recommendations", { account: "1\u00002" }],
    ["recommendations", { q: "a".repeat(300) }],
    ["recommendations", { accuont: "123456789012" }],
    ["principals", { toString: "x" }],
    ["principals", { after: "bm90IG91cnM" }],
    ["principals", { after: "WyJhIiwiYiJd" }],
    ["principals", { after: "../../etc/passwd" }],
    ["holders", {}],
    ["holders", { action: "iam:PassRole", when: "now" }],
  ] as const)("%s %j is refused in words", async (name, asked) => {
    const { status, text } = await get(open.port, apiPath(name, asked));

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: expect.stringMatching(/^bad-(?:parameter|cursor)$/) as unknown });
  });

  test.each([
    ["' OR '1'='1", "account"],
    ["%'; DROP TABLE run; --", "q"],
    ["\u202Egnp.exe", "q"],
    ["<script>alert(1)</script>", "principal"],
    ["${7*7}", "policy"],
  ])("%j is only ever a text", async (value, name) => {
    expect(await reply(open.port, "recommendations", { [name]: value })).toMatchObject({ rows: [] });
  });

  test("a parameter twice, and a place in another list, are refused", async () => {
    const { next } = await reply(open.port, "principals", { limit: "3" });
    const elsewhere = await get(open.port, apiPath("principals", { after: String(next), kind: "role" }));

    expect((await get(open.port, "/api/principals?kind=role&kind=user")).status).toBe(400);
    expect([elsewhere.status, JSON.parse(elsewhere.text)]).toEqual([
      400,
      expect.objectContaining({ code: "bad-cursor" }),
    ]);
  });

  test("a forged place of the right form is a place like any other", async () => {
    const { next } = await reply(open.port, "principals", { limit: "3" });
    const [digest] = JSON.parse(Buffer.from(String(next), "base64url").toString()) as readonly [string]; // a cursor
    const forged = Buffer.from(JSON.stringify([digest, "zzz'; DROP TABLE run"])).toString("base64url");

    expect(await reply(open.port, "principals", { limit: "3", after: forged })).toMatchObject({ rows: [], next: null });
  });

  test("what names nobody is not found", async () => {
    for (const [name, asked] of [
      ["principal", { arn: "arn:aws:iam::123456789012:role/Nobody" }],
      ["policy", { policy: "nothing" }],
      ["tree", { policy: "nothing", statement: "0", entry: "*" }],
      ["holders", { action: "s3:Nothing" }],
      ["question", { question: "nothing" }],
      ["question", { question: "who-can", "p.action": "s3:Nothing" }],
      ["overview", { run: "99" }],
    ] as const) {
      const { status, text } = await get(open.port, apiPath(name, asked));
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({
        message: expect.any(String) as unknown,
        hint: expect.any(String) as unknown,
      });
    }
  });

  test("an address of a megabyte is cut off, and the next one is answered", async () => {
    const long = await get(open.port, `/api/principals?q=${"a".repeat(20_000)}`);
    const socket = connect(open.port, "127.0.0.1");
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (part) => (text += part.toString()));
      socket.on("close", () => resolve(text));
      socket.on("error", () => resolve(text));
      socket.end(`GET /${"a".repeat(1_000_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    });

    expect(long.status).toBe(414);
    expect(answer).toMatch(/^(?:HTTP\/1\.1 431 |$)/);
    expect((await get(open.port, "/api/runs")).status).toBe(200);
  });

  test("what is no HTTP is ended", async () => {
    const socket = connect(open.port, "127.0.0.1");
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (part) => (text += part.toString()));
      socket.on("close", () => resolve(text));
      socket.write("\u0016\u0003\u0001 hello\r\n\r\n");
    });

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("a person's SQL", () => {
  test("is answered as `query --sql` answers it, and says where it stops", async () => {
    const { columns, rows, stopped } = await reply(open.port, "sql", {
      sql: "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i, 9007199254740993 AS big FROM n",
    });

    expect(columns).toEqual(["i", "big"]);
    expect(rows).toHaveLength(1000);
    expect((rows as readonly unknown[])[0]).toEqual([1, "9007199254740993"]);
    expect(stopped).toContain("first 1000 rows");
  });

  test.each([
    ["DELETE FROM run", "refused-sql"],
    ["ATTACH '/tmp/x' AS x", "refused-sql"],
    ["SELECT * FROM nothing", "bad-sql"],
    ["SELECT 1; SELECT 2", "refused-sql"],
    ["", "refused-sql"],
  ])("%s: %s", async (sql, code) => {
    const { status, text } = await get(open.port, apiPath("sql", { sql }));

    expect([status, JSON.parse(text)]).toEqual([400, expect.objectContaining({ code })]);
  });

  test("nobody's SQL has more at once than two, and the rest is asked to wait", async () => {
    const slow = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    const stop = new AbortController();
    setMaxListeners(20, stop.signal);
    let refused = 0;
    const four = new Promise<void>((resolve) => {
      for (let i = 0; i < 12; i++) {
        void get(open.port, apiPath("sql", { sql: slow }), { signal: stop.signal }).then(
          ({ status }) => status === 429 && ++refused === 4 && resolve(),
          () => false, // has gone
        );
      }
    });
    await four;
    stop.abort(); // whoever has gone gets nothing, and the processes end

    await expect
      .poll(async () => (await get(open.port, apiPath("sql", { sql: "SELECT 1 AS one" }))).text)
      .toContain('"rows":[[1]]'); // as soon as it is seen that they have gone
  });
});

describe("beginning and end", () => {
  test("a taken port is said in words, with the exit code of I/O", () => {
    const { code, err } = leastwise("serve", "--db", db, "--port", String(open.port));

    expect(code).toBe(4);
    expect(err).toContain(`127.0.0.1:${open.port} is taken by another program`);
    expect(err).toContain("--port 0");
  });

  test("what is no database is said at once", () => {
    expect(leastwise("serve", "--db", join(folder, "nothing.db"))).toMatchObject({ code: 2 });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it at once, also in the middle of an answer", async (signal, code) => {
    const one = await serving(db);
    const slow = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    const asked = get(one.port, apiPath("sql", { sql: slow })).catch((error: unknown) => error);
    await reply(one.port, "overview");
    one.process.kill(signal);

    expect(await one.ended).toBe(code);
    expect(await asked).toBeInstanceOf(Error);
  });
});
