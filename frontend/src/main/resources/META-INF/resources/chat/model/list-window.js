// @ts-check
/**
 * Which entries of a timeline are in the DOM: at most 300, trimmed at the end that is far from the reader. Where new ones
 * come in below, it is trimmed above in steps too, so that a message that comes is one row more and nothing else.
 */

const FIRST = 60;
const STEP = 60;
const MOST = 300 - STEP;

/** @typedef {import("./timeline.js").Entry} Entry */

export class ListWindow {
  #size = FIRST;
  /** The last entry shown, or null to follow the end. @type {string | null} */
  #endKey = null;
  /** The first entry shown, where others lie above it. @type {string | null} */
  #startKey = null;

  /** Whether the newest entries are shown. */
  get reachesEnd() {
    return this.#endKey === null;
  }

  /** @param {Entry[]} entries */
  slice(entries) {
    const { start, end } = this.#bounds(entries);
    return entries.slice(start, end);
  }

  /** Whether known entries lie before the first shown. @param {Entry[]} entries */
  startsAfter(entries) {
    return this.#bounds(entries).start > 0;
  }

  /** Lets new entries no longer in, as the reader is far from the end. @param {Entry[]} entries */
  freeze(entries) {
    this.#endKey ??= this.#shownLast ?? entries.at(-1)?.key ?? null;
  }

  /** Shows an entry with what stands around it. @param {Entry[]} entries @param {number} at its index */
  show(entries, at) {
    this.#show(entries, Math.max(0, at - STEP / 2), Math.min(entries.length, at + STEP));
  }

  toLatest() {
    this.#endKey = null;
    this.#startKey = null;
    this.#size = FIRST;
  }

  /** @param {Entry[]} entries @returns {boolean} whether there were known ones to add above */
  growUp(entries) {
    const { start, end } = this.#bounds(entries);
    if (start === 0) {
      // What was asked for beyond the known is shown once it comes.
      this.#size = Math.max(this.#size, Math.min(MOST, end + STEP));
      return false;
    }
    const newStart = Math.max(0, start - STEP);
    this.#show(entries, newStart, Math.min(end, newStart + MOST));
    return true;
  }

  /** @param {Entry[]} entries @returns {boolean} whether there were known ones to add below */
  growDown(entries) {
    const { start, end } = this.#bounds(entries);
    if (end === entries.length) {
      this.#endKey = null;
      return false;
    }
    const newEnd = Math.min(entries.length, end + STEP);
    this.#show(entries, Math.max(start, newEnd - MOST), newEnd);
    return true;
  }

  /** The last entry at the last look, for `freeze`. @type {string | undefined} */
  #shownLast;

  /** @param {Entry[]} entries @param {number} start @param {number} end */
  #show(entries, start, end) {
    this.#size = end - start;
    this.#startKey = start > 0 ? entries[start].key : null;
    this.#endKey = end === entries.length ? null : entries[end - 1].key;
  }

  /** @param {Entry[]} entries */
  #bounds(entries) {
    const at = this.#endKey === null ? -1 : entries.findLastIndex(({ key }) => key === this.#endKey);
    const end = at < 0 ? entries.length : at + 1;
    const kept = this.#startKey === null ? -1 : entries.findLastIndex(({ key }) => key === this.#startKey);
    const start = kept >= 0 && kept < end && end - kept < this.#size + STEP ? kept : Math.max(0, end - this.#size);
    this.#startKey = start > 0 ? entries[start].key : null;
    this.#shownLast = entries[end - 1]?.key;
    return { start, end };
  }
}
