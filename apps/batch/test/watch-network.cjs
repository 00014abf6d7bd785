/**
 * Loaded before anything else by `--require`, in every process and thread: writes a line into the file that `WATCHED` names for each use of
 * the network, whatever library makes it, since all of Node's go through one of these handles. A first line says that one is watched.
 */
const { createHook } = require("node:async_hooks");
const processes = require("node:child_process");
const { appendFileSync } = require("node:fs");
const { threadId } = require("node:worker_threads");

const NETWORK = new Set([
  "GETADDRINFOREQWRAP",
  "GETNAMEINFOREQWRAP",
  "PIPECONNECTWRAP",
  "PIPESERVERWRAP",
  "QUERYWRAP",
  "TCPCONNECTWRAP",
  "TCPSERVERWRAP",
  "TCPWRAP",
  "TLSWRAP",
  "UDPSENDWRAP",
  "UDPWRAP",
]);

function note(line) {
  appendFileSync(process.env.WATCHED, `${line}\n`);
}

note(`watching ${process.pid}/${threadId}`);
createHook({ init: (_, type) => NETWORK.has(type) && note(`${type} ${process.argv.slice(1).join(" ")}`) }).enable();

/** A question's process does not take over `NODE_OPTIONS`, so it is told in another way. */
const { spawn } = processes;
processes.spawn = (command, args, options) =>
  spawn(command, command === process.execPath ? ["--require", __filename, ...args] : args, options);
