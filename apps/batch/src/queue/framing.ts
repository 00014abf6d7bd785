import { ProtocolError } from "./packing.ts";

/**
 * Puts long texts behind the form of a message, one after another, in which their lengths stand instead (in UTF-16 code units). As strings
 * of the form, JSON within JSON, they would be escaped and read character by character, which takes some five times as long.
 */
export class Frame {
  #texts = "";

  /** The length, for the form. Texts are taken in the order in which they are put. */
  put(text: string): number {
    this.#texts += text;
    return text.length;
  }

  /** JSON writes no line feed. */
  close(form: unknown): string {
    return `${JSON.stringify(form)}\n${this.#texts}`;
  }
}

/** What a frame held. */
export class Unframed {
  readonly form: string;
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    const end = text.indexOf("\n");
    this.form = end < 0 ? text : text.slice(0, end);
    this.#text = text;
    this.#at = end < 0 ? text.length : end + 1;
  }

  /** The next text, of this length. */
  take(length: number): string {
    const from = this.#at;
    this.#at += length;
    return this.#text.slice(from, this.#at);
  }

  /** @throws ProtocolError where the lengths that were taken are not those of the texts */
  end(what: string): void {
    if (this.#at !== this.#text.length)
      throw new ProtocolError(`the texts of the ${what} have other lengths than it says`);
  }
}
