import { spawn } from "node:child_process";

/** Asks the system to show an address. Says so where there is nobody to ask. */
export function openBrowser(url: string, failed: (reason: string) => void): void {
  const [command, ...args] = { darwin: ["open", url], win32: ["cmd", "/c", "start", "", url] }[
    process.platform as string
  ] ?? ["xdg-open", url];
  const child = spawn(command ?? "xdg-open", args, { stdio: "ignore", detached: true });
  child.on("error", (error) => failed(error.message));
  child.unref();
}
