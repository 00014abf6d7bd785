import type { Name, ServiceQuery } from "./service-query.ts";

/** The literal pieces that patterns may have, tried in this order until there are few enough beginnings. */
const MOST_PIECES = [Infinity, 3, 2, 1];

/** What decides whether a pattern is worth while. */
export interface Worth {
  /** Beginnings of patterns looked at before only patterns of fewer pieces are. */
  readonly mostBeginnings: number;
  /** The least number of the catalog's actions that it covers. */
  readonly least: number;
  /** Whether a pattern of so many characters, or longer, may be of use. */
  readonly isShortEnough: (length: number) => boolean;
}

/** Takes down a pattern: folded, the elements it covers, ascending, and as the first name that it is made from spells it. */
export type Sink = (folded: string, covers: readonly number[], spelled: string) => void;

/**
 * Tells the patterns with inner wildcards of a service (SEMANTICS 9.1) that no other of them makes needless: of a pattern that is safe
 * and inside an entry, none that has words more. Whether those are all of them; else only patterns of few pieces were looked at.
 *
 * Patterns grow from their left end, a word or a star at a time, beside the places where each name can go on; what only matches
 * fewer than `least` names is not pursued, and what matches nothing that is blocked is not made longer.
 */
export function findInnerPatterns(query: ServiceQuery, worth: Worth, sink: Sink): boolean {
  for (const most of MOST_PIECES) {
    const growth = new Growth(query, worth, sink, most);
    if (growth.run()) return most === Infinity;
  }
  return false;
}

/** The beginning of a pattern: pieces with stars between them, and how the names can go on. */
interface Beginning {
  /** Folded, from the service on; ends in a star or, where the first piece is to stand at the name's start, in the colon. */
  readonly text: string;
  readonly pieces: readonly string[];
  readonly isAnchored: boolean;
  readonly names: readonly Name[];
  /** For each name: the first character behind what the pieces leftmost take. */
  readonly from: readonly number[];
  /** For each name: the same where pieces take whole words; -1 where they cannot. */
  readonly fromWord: readonly number[];
  readonly blocked: readonly string[];
  readonly blockedFrom: readonly number[];
}

/** One run over the beginnings of one service. Candidates found before it is broken off are candidates all the same. */
class Growth {
  readonly #query: ServiceQuery;
  readonly #worth: Worth;
  readonly #sink: Sink;
  readonly #mostPieces: number;
  #left: number;

  constructor(query: ServiceQuery, worth: Worth, sink: Sink, mostPieces: number) {
    this.#query = query;
    this.#worth = worth;
    this.#sink = sink;
    this.#mostPieces = mostPieces;
    this.#left = worth.mostBeginnings;
  }

  /** False where there are too many beginnings. */
  run(): boolean {
    const { service, names, blocked, heads } = this.#query;
    const from = names.map(() => service.length);
    if (names.length >= this.#worth.least && blocked.length === 0 && this.#query.isInside(`${service}*`)) {
      const spelled = `${names[0]!.spelled.slice(0, service.length)}*`; // there are as many as are needed, and they are more than none
      this.#tell(`${service}*`, names, spelled);
    }
    const start = { pieces: [], names, from, fromWord: from, blocked, blockedFrom: blocked.map(() => service.length) };
    const anchored = this.#grow({ ...start, text: service, isAnchored: true });
    if (!anchored || !heads.some((head) => service.startsWith(head))) return anchored;
    return this.#grow({ ...start, text: `${service}*`, isAnchored: false });
  }

  /** Every piece that may come next. */
  #grow(beginning: Beginning): boolean {
    const { names, fromWord, isAnchored } = beginning;
    const seen = new Set<string>();
    for (const [i, { folded, bounds }] of names.entries()) {
      const from = fromWord[i]!; // one for each name
      if (from < 0) continue;
      for (let b = 0; b + 1 < bounds.length; b++) {
        const at = bounds[b]!; // b and b + 1 are inside
        if (at < from || (isAnchored && at !== from)) continue;
        if (!this.#goOn(beginning, folded.slice(at, bounds[b + 1]), seen)) return false;
      }
    }
    return true;
  }

  /** The beginning with one more piece, and whatever grows from that. */
  #goOn(beginning: Beginning, piece: string, seen: Set<string>): boolean {
    if (seen.has(piece)) return true;
    seen.add(piece);
    const text = beginning.text + piece;
    if (!this.#worth.isShortEnough(text.length)) return true;
    if (--this.#left < 0) return false;
    const next = withPiece(beginning, piece);
    if (next.names.length < this.#worth.least || next.names.every(({ element }) => element < 0)) return true;
    const isSafe = next.blocked.length === 0;
    const isDone = isSafe && this.#query.isInside(next.text);
    this.#addClosed(beginning, next);
    if (isDone) {
      this.#add(next.text, next.names, next, false);
      return true;
    }
    for (const longer of longerPieces(beginning, piece)) if (!this.#goOn(beginning, longer, seen)) return false;
    if (next.pieces.length >= this.#mostPieces) return true;
    const mayBeInside = beginning.pieces.length > 0 || this.#query.heads.some((head) => text.startsWith(head));
    return !mayBeInside || this.#grow(next);
  }

  /** The pattern that ends with the latest piece. */
  #addClosed({ text, from, names, isAnchored, blocked, blockedFrom }: Beginning, next: Beginning): void {
    const piece = next.pieces[next.pieces.length - 1]!; // has one
    if (next.pieces.length === 1 && isAnchored) return; // a whole name
    const ends = (name: string, least: number): boolean => name.endsWith(piece) && name.length - piece.length >= least;
    if (blocked.some((name, i) => ends(name, blockedFrom[i]!))) return; // one for each, here and below
    const covered = names.filter(({ folded }, i) => ends(folded, from[i]!));
    if (covered.length < this.#worth.least || !this.#query.isInside(text + piece)) return;
    this.#add(text + piece, covered, next, true);
  }

  #add(text: string, covered: readonly Name[], { pieces }: Beginning, isClosed: boolean): void {
    const start = this.#query.service.length;
    const shape: Shape = { start, pieces, isAnchored: text[start] !== "*", isClosed };
    for (const name of covered) {
      const spelled = spelledBy(name, shape);
      if (spelled === undefined) continue; // not made of whole words of this one
      this.#tell(text, covered, spelled);
      return;
    }
  }

  #tell(text: string, covered: readonly Name[], spelled: string): void {
    const covers = covered.flatMap(({ element }) => (element < 0 ? [] : [element]));
    if (covers.length > 0 && this.#worth.isShortEnough(text.length)) this.#sink(text, covers, spelled);
  }
}

/** A piece more and a star, and how names go on behind it. */
function withPiece(beginning: Beginning, piece: string): Beginning {
  const { text, pieces, isAnchored } = beginning;
  const names: Name[] = [];
  const from: number[] = [];
  const fromWord: number[] = [];
  beginning.names.forEach((name, i) => {
    const at = placeOf(name.folded, piece, beginning.from[i]!, isAnchored); // one for each name, here and below
    if (at < 0) return;
    names.push(name);
    from.push(at + piece.length);
    fromWord.push(behindWords(name, piece, beginning.fromWord[i]!, isAnchored));
  });
  const blocked: string[] = [];
  const blockedFrom: number[] = [];
  beginning.blocked.forEach((name, i) => {
    const at = placeOf(name, piece, beginning.blockedFrom[i]!, isAnchored); // one for each
    if (at < 0) return;
    blocked.push(name);
    blockedFrom.push(at + piece.length);
  });
  return {
    text: `${text}${piece}*`,
    pieces: [...pieces, piece],
    isAnchored: false,
    names,
    from,
    fromWord,
    blocked,
    blockedFrom,
  };
}

function placeOf(folded: string, piece: string, from: number, isAnchored: boolean): number {
  if (!isAnchored) return folded.indexOf(piece, from);
  return folded.startsWith(piece, from) ? from : -1;
}

/** Where the leftmost whole words that read like the piece end; -1 where there are none. */
function behindWords({ folded, bounds }: Name, piece: string, from: number, isAnchored: boolean): number {
  if (from < 0) return -1;
  for (const at of bounds) {
    if (at < from || (isAnchored && at !== from)) continue;
    if (folded.startsWith(piece, at) && bounds.includes(at + piece.length)) return at + piece.length;
  }
  return -1;
}

/** The piece with the word behind it, wherever names have it. */
function longerPieces({ names, fromWord, isAnchored }: Beginning, piece: string): ReadonlySet<string> {
  const longer = new Set<string>();
  names.forEach(({ folded, bounds }, i) => {
    const from = fromWord[i]!; // one for each name
    if (from < 0) return;
    for (const at of bounds) {
      if (at < from || (isAnchored && at !== from) || !folded.startsWith(piece, at)) continue;
      const end = bounds.indexOf(at + piece.length);
      if (end >= 0 && end + 1 < bounds.length) longer.add(folded.slice(at, bounds[end + 1]));
    }
  });
  return longer;
}

interface Shape {
  /** Where names start behind the service. */
  readonly start: number;
  readonly pieces: readonly string[];
  readonly isAnchored: boolean;
  readonly isClosed: boolean;
}

/** The pattern as a name spells it of whose whole words it is made; undefined where it is not made of them. */
function spelledBy(name: Name, { start, pieces, isAnchored, isClosed }: Shape): string | undefined {
  let text = name.spelled.slice(0, start) + (isAnchored ? "" : "*");
  let from = start;
  for (const [i, piece] of pieces.entries()) {
    const isLast = isClosed && i === pieces.length - 1;
    const end = isLast ? name.folded.length : behindWords(name, piece, from, isAnchored && i === 0);
    const at = end - piece.length;
    if (end < 0 || at < from || !name.folded.startsWith(piece, at) || !name.bounds.includes(at)) return undefined;
    text += name.spelled.slice(at, end) + (isLast ? "" : "*");
    from = end;
  }
  return text;
}
