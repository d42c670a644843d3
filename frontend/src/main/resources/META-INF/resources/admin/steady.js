// @ts-check
/**
 * A list that is renewed while nobody is about to press something in it: what is pointed at may not move away. What came
 * meanwhile is counted.
 * @template Item
 */
export class Steady {
  /** What is shown. @type {Item[]} */
  items = [];
  /** How many are new and not shown yet. */
  waiting = 0;
  /** @type {Item[]} */
  #latest = [];
  #keyOf;

  /** @param {(item: Item) => unknown} keyOf */
  constructor(keyOf) {
    this.#keyOf = keyOf;
  }

  /** @param {Item[]} latest @param {boolean} held whether somebody points at one of them */
  take(latest, held) {
    this.#latest = latest;
    if (!held) {
      this.release();
      return;
    }
    const renewed = new Map(latest.map((item) => [this.#keyOf(item), item]));
    const shown = new Set(this.items.map(this.#keyOf));
    this.items = this.items.map((item) => renewed.get(this.#keyOf(item)) ?? item);
    this.waiting = latest.filter((item) => !shown.has(this.#keyOf(item))).length;
  }

  /** Shows all as it is now. */
  release() {
    this.items = this.#latest;
    this.waiting = 0;
  }
}
