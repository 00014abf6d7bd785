/** Gives different numbers places, from 0 in the order in which they come. Memory: 16 to 32 bytes a number, and no object for any. */
export class NumberPlaces {
  /** By place. */
  #numbers = new Float64Array(FEWEST);
  /** A place and one more, or 0 where none is; at most half of them are taken. */
  #slots = new Int32Array(2 * FEWEST);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number at a place. */
  at(place: number): number {
    return this.#numbers[place]!; // places are inside
  }

  /** -1 where the number has none. */
  find(number: number): number {
    return this.#slots[this.#slotOf(number)]! - 1; // a slot is inside, here and below
  }

  /** Safe integers only. */
  add(number: number): number {
    let slot = this.#slotOf(number);
    const found = this.#slots[slot]!;
    if (found > 0) return found - 1;
    if (this.#size === this.#numbers.length) {
      this.#grow();
      slot = this.#slotOf(number);
    }
    this.#numbers[this.#size] = number;
    this.#slots[slot] = ++this.#size;
    return this.#size - 1;
  }

  /** All of them, ascending. */
  sorted(): Float64Array {
    return this.#numbers.slice(0, this.#size).sort();
  }

  #slotOf(number: number): number {
    const last = this.#slots.length - 1;
    let slot = mixed(number) & last;
    for (;;) {
      const place = this.#slots[slot]! - 1;
      if (place < 0 || this.#numbers[place] === number) return slot;
      slot = (slot + 1) & last;
    }
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.#numbers.length);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    this.#slots = new Int32Array(2 * numbers.length);
    for (let place = 0; place < this.#size; place++) this.#slots[this.#slotOf(numbers[place]!)] = place + 1; // place is inside
  }
}

const FEWEST = 1024;

/** Both halves of a number in all bits of the result. */
function mixed(number: number): number {
  const high = Math.floor(number / 2 ** 32);
  const hash = Math.imul((number | 0) ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b);
  return hash ^ (hash >>> 15);
}
