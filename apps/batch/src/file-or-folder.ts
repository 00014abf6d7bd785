import { statSync } from "node:fs";

/**
 * Whether a file may be opened by its name: a pipe that nobody writes to would hold the program up, and a device never ends. A folder may be,
 * of which the system says itself that it cannot be read.
 *
 * @throws Error of the system, where nothing can be found
 */
export function isFileOrFolder(path: string): boolean {
  const stats = statSync(path);
  return stats.isFile() || stats.isDirectory();
}
