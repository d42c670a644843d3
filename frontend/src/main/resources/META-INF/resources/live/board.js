// @ts-check
/** How many values of a figure its line shows. */
const POINTS = 60;

/** @typedef {{name: string, unit: string, values: number[], time: number, changes: number}} Figure */

/** The last values of each figure that was pushed. */
export class Board {
  /** @type {Map<string, Figure>} */
  #figures = new Map();
  received = 0;

  /** @param {any} message @returns {boolean} whether it was a figure */
  take(message) {
    const { name, value, unit } = message.data ?? {};
    if (message.event !== "figure" || typeof name !== "string" || !name || !Number.isFinite(value)) {
      return false;
    }
    const known = this.#figures.get(name);
    const values = [...(known?.values || []), value].slice(-POINTS);
    const changes = (known?.changes || 0) + 1;
    this.#figures.set(name, { name, unit: typeof unit === "string" ? unit : "", values, time: message.time, changes });
    this.received++;
    return true;
  }

  /** By name, so that cards stay where they are. */
  get figures() {
    return [...this.#figures.values()].sort((one, other) => one.name.localeCompare(other.name));
  }
}

/** How much the last value differs from the first of those kept, in per cent; null where that says nothing. @param {number[]} values */
export function changeOf(values) {
  const [first] = values;
  return values.length > 1 && first !== 0 ? ((values[values.length - 1] - first) / Math.abs(first)) * 100 : null;
}

/**
 * The values as the points of a line, the highest at the top, and at the bottom the lowest, or the floor where there is one.
 * @param {number[]} values @param {number} width @param {number} height @param {number=} floor
 * @returns {Array<[number, number]>}
 */
export function pointsOf(values, width, height, floor) {
  const [low, high] = [Math.min(...values, floor ?? Infinity), Math.max(...values)];
  const flat = floor === undefined ? height / 2 : height;
  const step = width / Math.max(1, values.length - 1);
  return values.map((value, index) => [index * step, high === low ? flat : height - ((value - low) / (high - low)) * height]);
}
