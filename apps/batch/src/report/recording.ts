import { type ApiName, replyKey } from "@leastwise/api";

/** Replies by what was asked, each different one once, until there are too many bytes. */
export class Recording {
  #mostBytes = 0;
  readonly #replies = new Map<string, number>();
  readonly #places = new Map<string, number>();
  readonly #bodies: string[] = [];
  #bytes = 0;

  /** From now on there may be so many bytes in all. */
  allow(mostBytes: number): void {
    this.#mostBytes = mostBytes;
  }

  /** Whether it is in the recording now, under each of these questions. */
  add(name: ApiName, asks: readonly Readonly<Record<string, string>>[], reply: unknown): boolean {
    const body = JSON.stringify(reply);
    const known = this.#places.get(body);
    const keys = asks.map((ask) => replyKey(name, ask)).filter((key) => !this.#replies.has(key));
    const bytes =
      (known === undefined ? Buffer.byteLength(body) : 0) + keys.reduce((sum, key) => sum + key.length + 8, 0);
    if (this.#bytes + bytes > this.#mostBytes) return false;
    this.#bytes += bytes;
    const place = known ?? this.#bodies.push(body) - 1;
    this.#places.set(body, place);
    for (const key of keys) this.#replies.set(key, place);
    return true;
  }

  has(name: ApiName, ask: Readonly<Record<string, string>>): boolean {
    return this.#replies.has(replyKey(name, ask));
  }

  /** The members `replies` and `bodies` of a report, as JSON text. */
  json(): string {
    return `"replies":${JSON.stringify(Object.fromEntries(this.#replies))},"bodies":[${this.#bodies.join(",")}]`;
  }
}
