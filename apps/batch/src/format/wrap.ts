/**
 * Two columns for a terminal: names to the left, sentences to the right, broken between words where they do not fit. Without a
 * width, where output is piped, each stays on one line.
 */
export function twoColumns(rows: readonly (readonly [name: string, sentence: string])[], width: number | null): string {
  const left = Math.max(...rows.map(([name]) => name.length)) + 2;
  const room = width === null ? Infinity : Math.max(20, width - left);
  return rows
    .map(([name, sentence]) => name.padEnd(left) + wordWrapped(sentence, room).join(`\n${" ".repeat(left)}`))
    .join("\n");
}

/** A text as lines of at most `room` characters, broken at blanks; a longer word stays whole. */
export function wordWrapped(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The same, where no line may be longer: a word that does not fit is broken too. */
export function brokenLines(text: string, room: number): readonly string[] {
  return wordWrapped(text, room).flatMap((line) => {
    const parts: string[] = [];
    for (let at = 0; at === 0 || at < line.length; at += room) parts.push(line.slice(at, at + room));
    return parts;
  });
}
