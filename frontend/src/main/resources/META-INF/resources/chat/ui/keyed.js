// @ts-check
import { noChange } from "lit";
import { Directive, directive } from "lit/directive.js";
import { insertPart, removePart, setChildPartValue } from "lit/directive-helpers.js";

/**
 * A list whose items keep their elements while they stand in it, by their keys. Lit's own `repeat` leaves a comment behind
 * for each item that goes, so a list through which messages pass would grow for ever.
 */
class Keyed extends Directive {
  /** In the order in which they stand. @type {Map<unknown, any>} */
  #parts = new Map();

  /** @param {any[]} items @param {(item: any) => unknown} keyOf @param {(item: any) => unknown} template @returns {unknown} */
  render(items, keyOf, template) {
    return items.map(template);
  }

  /** @param {any} container @param {[any[], (item: any) => unknown, (item: any) => unknown]} values */
  update(container, [items, keyOf, template]) {
    const keys = items.map(keyOf);
    this.#removeAllBut(new Set(keys));
    const before = [...this.#parts.values()];
    const placed = new Set();
    const parts = new Map();
    let at = 0;
    for (const [index, key] of keys.entries()) {
      while (placed.has(before[at])) {
        at++;
      }
      // What stands where it should is not touched: an element that is moved loses the focus.
      let part = this.#parts.get(key);
      if (!part || part !== before[at]) {
        part = insertPart(container, before[at], part);
      }
      placed.add(part);
      parts.set(key, setChildPartValue(part, template(items[index])));
    }
    this.#parts = parts;
    return noChange;
  }

  /** @param {Set<unknown>} wanted */
  #removeAllBut(wanted) {
    for (const [key, part] of this.#parts) {
      if (!wanted.has(key)) {
        const end = part.endNode;
        removePart(part);
        end?.remove();
        this.#parts.delete(key);
      }
    }
  }
}

export const keyed = directive(Keyed);
