import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ANSWERERS, type AnsweredName } from "../pages/answers.ts";
import { AnswerThreads, failureAnswer } from "./answer-threads.ts";
import { SqlAnswers } from "./answer-sql.ts";
import { askedIn } from "./asked-in.ts";
import { type GateOptions, passage } from "./gate.ts";
import type { Answer } from "./messages.ts";
import type { PageFile } from "./page-files.ts";

export interface ServerOptions extends GateOptions {
  readonly database: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly files: ReadonlyMap<string, PageFile>;
  /** Is told what a bug says. */
  readonly complain: (stack: string) => void;
}

/** A server at work. */
export interface Running {
  readonly port: number;
  /** Ends it at once, with whatever it is doing. */
  readonly close: () => Promise<void>;
}

const THREADS = 2;
const MOST_MS = 10_000;
/** Characters of an address: a person's SQL is in it. */
const MOST_URL = 16 * 1024;
const MOST_HEADERS = 32 * 1024;
const MOST_CONNECTIONS = 128;
/** Milliseconds: until all headers are there; while nothing moves on a connection; between two questions. */
const TIMES = { headers: 10_000, silence: 60_000, pause: 5_000 };

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
};

/** Begins to serve. Rejects with Node's own error where the port cannot be had. */
export async function startServer(options: ServerOptions): Promise<Running> {
  const { database } = options;
  const threads = new AnswerThreads({ database, threads: THREADS, mostMs: MOST_MS });
  const context: Context = { options, threads, sql: new SqlAnswers(database) };
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADERS,
      headersTimeout: TIMES.headers,
      requestTimeout: TIMES.headers,
      keepAliveTimeout: TIMES.pause,
    },
    (request, response) => {
      void serve(context, request, response).catch((error: unknown) => {
        options.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
        response.destroy();
      });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = TIMES.silence;
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else socket.destroy();
  });
  try {
    await listening(server, options);
  } catch (error) {
    await threads.close();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    close: async () => {
      server.close();
      server.closeAllConnections();
      await threads.close();
    },
  };
}

interface Context {
  readonly options: ServerOptions;
  readonly threads: AnswerThreads;
  readonly sql: SqlAnswers;
}

function listening(server: Server, { port, host }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function serve(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = context;
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const url = request.url ?? "/";
  if (url.length > MOST_URL) {
    send(
      request,
      response,
      failureAnswer(414, "too-long", "the address is too long", `${MOST_URL} characters at the most`),
    );
    return;
  }
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1));
  const through = passage(request, path, query, options);
  if (through.type === "refuse") {
    const { status, body } = through;
    if (status === 405) response.setHeader("Allow", "GET, HEAD");
    send(request, response, failureAnswer(status, body.code, body.message, body.hint));
    return;
  }
  if (through.type === "enter") {
    response.writeHead(303, { "Set-Cookie": through.cookie, Location: "/", "Cache-Control": "no-store" }).end();
    return;
  }
  if (path.startsWith("/api/")) await serveApi(context, path.slice("/api/".length), query, request, response);
  else serveFile(options.files, path, request, response);
}

async function serveApi(
  context: Context,
  asked: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const isCsv = asked.endsWith(".csv");
  const name = isCsv ? asked.slice(0, -".csv".length) : asked;
  if (!isApiName(name) || (isCsv && (name === "sql" || ANSWERERS[name].columns === null))) {
    send(request, response, failureAnswer(404, "not-found", "there is no such question", "docs/api.md lists them"));
    return;
  }
  const parameters = name === "sql" ? ["run", "sql"] : ANSWERERS[name].parameters;
  const values = askedIn(query, parameters);
  if ("code" in values) {
    send(request, response, failureAnswer(400, values.code, values.message, values.hint));
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  if (name === "sql") await serveSql(context, values.asked, request, response, gone.signal);
  else if (isCsv) await serveCsv(context, name, values.asked, request, response, gone.signal);
  else {
    const mayGzip = takesGzip(request);
    const answer = await context.threads.ask({ name, asked: values.asked, form: "json", mayGzip }, gone.signal);
    if (answer.stack !== null) context.options.complain(answer.stack);
    send(request, response, answer);
  }
}

async function serveSql(
  { sql }: Context,
  asked: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const answer = await sql.answer(asked["sql"] ?? "", asked["run"], signal);
  if ("status" in answer) {
    const { code, message, hint } = answer.body;
    send(request, response, failureAnswer(answer.status, code, message, hint));
    return;
  }
  const body = new TextEncoder().encode(JSON.stringify(answer));
  send(request, response, { status: 200, body, isGzipped: false, next: null, runId: null, stack: null });
}

/** Part by part, each when the one before has been taken; all of one run. */
async function serveCsv(
  { threads, options }: Context,
  name: AnsweredName,
  asked: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  let values = asked;
  for (let isFirst = true; ; isFirst = false) {
    const part = await threads.ask({ name, asked: values, form: "csv", mayGzip: false }, signal);
    if (part.stack !== null) options.complain(part.stack);
    if (isFirst && part.status !== 200) return send(request, response, part);
    if (signal.aborted || part.status !== 200) return void response.destroy(); // a part of a file is never taken for the whole
    if (isFirst) {
      response.writeHead(200, {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": `attachment; filename="${name}.csv"`,
        "Cache-Control": "no-store",
      });
      if (request.method === "HEAD") return void response.end();
    }
    if (!response.write(part.body))
      await new Promise<void>((resolve) => void response.once("drain", resolve).once("close", resolve));
    if (part.next === null) return void response.end();
    values = { ...asked, after: part.next, run: String(part.runId) };
  }
}

function serveFile(
  files: ReadonlyMap<string, PageFile>,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const file = files.get(path);
  if (file === undefined) {
    const isPage = path === "/";
    const message = isPage ? "the page is not built" : "there is nothing here";
    const hint = isPage ? "`npm run build` builds it; the API is at /api/" : "the page is at /";
    send(request, response, failureAnswer(404, "not-found", message, hint));
    return;
  }
  response.setHeader("ETag", file.etag);
  response.setHeader("Cache-Control", file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.setHeader("Vary", "Accept-Encoding");
  if (request.headers["if-none-match"] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const isGzipped = takesGzip(request);
  const body = isGzipped ? file.gzipped : file.bytes;
  if (isGzipped) response.setHeader("Content-Encoding", "gzip");
  response.writeHead(200, { "Content-Type": file.type, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": answer.body.length,
    "Cache-Control": "no-store",
    ...(answer.isGzipped ? { "Content-Encoding": "gzip" } : {}),
    ...(answer.status === 503 || answer.status === 429 ? { "Retry-After": "2" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b/.test(headers["accept-encoding"]?.toString() ?? "");
}

const NAMES: ReadonlySet<string> = new Set(["sql", ...Object.keys(ANSWERERS)]);

function isApiName(name: string): name is AnsweredName | "sql" {
  return NAMES.has(name);
}
