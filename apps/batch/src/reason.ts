/** Why something failed, for a message that names the file itself: Node adds the call and the path behind a comma. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? (error.message.split(", ")[0] ?? error.message) : error.message;
}
