/** A word of a shell command, whatever is in it: between single quotes nothing but a single quote has a meaning. */
export function shellQuote(word: string): string {
  if (/[^\x20-\x7e]/.test(word)) throw new Error(`${JSON.stringify(word)} was to be a legal name`);
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
