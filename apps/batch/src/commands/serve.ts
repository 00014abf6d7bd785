import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { openForReading } from "@leastwise/store";
import { EXIT, type ExitCode, Failure } from "../exit-code.ts";
import { printable, printableLines } from "../format/printable.ts";
import { reasonOf } from "../reason.ts";
import { isLoopback } from "../serve/gate.ts";
import { openBrowser } from "../serve/open-browser.ts";
import { pageFiles } from "../serve/page-files.ts";
import { type Running, startServer } from "../serve/server.ts";
import type { Terminal } from "../terminal.ts";

export interface ServeOptions {
  readonly db: string;
  readonly port: number;
  readonly host: string;
  readonly open?: boolean;
  readonly tokenFile?: string;
}

const TOKEN_BYTES = 32;
const FEWEST_CHARACTERS = 16;
const PATIENCE_MS = 500;

/** `leastwise serve`: the page and its API, until somebody ends it. */
export async function serveCommand(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const { host, db } = options;
  openForReading(db).close(); // what is wrong with it is said at once
  const files = pageFiles();
  const token = tokenOf(options);
  const say = (text: string): void => void terminal.err.write(`${text}\n`);
  const running = await started(options, () =>
    startServer({
      database: db,
      host,
      port: options.port,
      token,
      files,
      complain: (stack) => say(`this is a bug: ${printableLines(stack)}`),
    }),
  );
  const name = host.includes(":") ? `[${host}]` : host;
  const address = `http://${name}:${running.port}/`;
  const url = token === null ? address : `${address}?token=${encodeURIComponent(token)}`;
  if (files.size === 0) say("the page is not built, so there is only the API; `npm run build` builds it");
  const isGiven = options.tokenFile !== undefined || (process.env["LEASTWISE_TOKEN"] ?? "") !== "";
  say(
    `${printable(db)} is at ${token === null || isGiven ? address : url}${token === null ? "" : isGiven ? "?token=…" : ", which lets in whoever has it"}`,
  );
  say("Ctrl-C ends it");
  if (options.open === true) openBrowser(url, (reason) => say(`no browser can be opened: ${reason}`));
  return untilSignal(running);
}

async function started(options: ServeOptions, start: () => Promise<Running>): Promise<Running> {
  try {
    return await start();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const place = `${options.host}:${options.port}`;
    if (code === "EADDRINUSE")
      throw new Failure(
        EXIT.io,
        `${place} is taken by another program`,
        "name another port with --port, or --port 0 for any",
        { cause: error },
      );
    if (typeof code !== "string") throw error;
    throw new Failure(EXIT.io, `${place} cannot be had: ${reasonOf(error)}`, "name another with --host and --port", {
      cause: error,
    });
  }
}

/** Everybody on this machine may look; anybody else needs the token. */
function tokenOf({ host, tokenFile }: ServeOptions): string | null {
  const given = tokenFile === undefined ? (process.env["LEASTWISE_TOKEN"] ?? "") : fileText(tokenFile);
  if (given !== "" || tokenFile !== undefined) {
    if (given.length >= FEWEST_CHARACTERS && /^[\x21-\x7e]+$/.test(given)) return given;
    throw new Failure(
      EXIT.usage,
      "the token is too short, or has other signs than letters, digits and such",
      `${FEWEST_CHARACTERS} characters or more; \`openssl rand -hex 32\` makes one`,
    );
  }
  return isLoopback(host) ? null : randomBytes(TOKEN_BYTES).toString("base64url");
}

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new Failure(EXIT.usage, `\`${path}\` cannot be read: ${reasonOf(error)}`, "a file with one line, the token", {
      cause: error,
    });
  }
}

/** Ends at once: nothing that is being answered has to be finished. */
function untilSignal(running: Running): Promise<ExitCode> {
  return new Promise((resolve) => {
    const end = (signal: NodeJS.Signals): void => {
      const code = signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
      process.exitCode = code;
      setTimeout(() => process.kill(process.pid, signal), PATIENCE_MS).unref(); // a thread in the middle of SQL does not end before that
      void running.close().then(() => resolve(code));
    };
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });
}
