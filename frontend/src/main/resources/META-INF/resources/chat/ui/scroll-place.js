// @ts-check

/** Closer to the bottom than this, the list follows new messages, in pixels. */
const AT_BOTTOM = 60;

/**
 * Where in the list its reader is: at the bottom, which is followed, or at a message, which stays where it is on the screen
 * when others come or go above it and when the page becomes wider or narrower. All is in pixels. What measures has the page
 * laid out if anything was rendered since, so the list asks when that has just been done, or has to be.
 */
export class ScrollPlace {
  /** Whether the bottom is followed. */
  stuck = true;
  /** How far down the reader was at the last look. */
  #lastTop = 0;
  /** Messages in sight before a rendering, and where they end. @type {Array<{key: string, bottom: number}>} */
  #anchors = [];
  /** The first whole row in sight, how far below the edge it begins, and at what width. @type {{row: Element, top: number, width: number} | null} */
  #first = null;
  #list;

  /** @param {HTMLElement} list the element that holds the scroller */
  constructor(list) {
    this.#list = list;
  }

  /** @returns {HTMLElement | null} */
  get scroller() {
    return this.#list.querySelector(".scroller");
  }

  /** Begins at another list of messages. @param {boolean} stuck */
  begin(stuck) {
    this.stuck = stuck;
    this.#lastTop = 0;
  }

  /** How much there is above what is in sight. */
  get above() {
    return this.scroller?.scrollTop ?? 0;
  }

  /** How much there is below what is in sight. */
  get below() {
    const { scroller } = this;
    return scroller ? scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight : 0;
  }

  /** How far below the upper edge a row begins. @param {Element} row */
  topOf(row) {
    return row.getBoundingClientRect().top - (this.scroller?.getBoundingClientRect().top ?? 0);
  }

  /** Messages that are wholly in sight, by their keys, and where they end: a day's line or a name above may go when older ones come in. */
  visible() {
    const { top: edge = 0, bottom: end = 0 } = this.scroller?.getBoundingClientRect() || {};
    return [...this.#list.querySelectorAll(".row.message")]
      .map((row) => ({ key: /** @type {HTMLElement} */ (row).dataset.key || "", bottom: row.getBoundingClientRect().bottom }))
      .filter(({ bottom }) => bottom > edge && bottom < end);
  }

  toBottom() {
    const { scroller } = this;
    if (scroller) {
      scroller.scrollTop = scroller.scrollHeight;
    }
  }

  /** @param {number} pixels down */
  scrollBy(pixels) {
    const { scroller } = this;
    if (scroller) {
      scroller.scrollTop += pixels;
    }
  }

  /**
   * The bottom may also go away by itself, when what is around grows: only who scrolls up lets go of it. Asked when there is
   * news too, since that may come between a scrolling and its event, and would pull the reader down again.
   * @returns {boolean} whether the reader has just left the bottom
   */
  leftBottom() {
    if (this.stuck && this.scroller && this.below >= AT_BOTTOM && this.above < this.#lastTop - 1) {
      this.stuck = false;
      this.#first = null;
      return true;
    }
    return false;
  }

  /** The reader has scrolled. @param {boolean} mayStick whether the bottom is that of the conversation */
  scrolled(mayStick) {
    const near = this.below < AT_BOTTOM;
    this.stuck ||= mayStick && near;
    this.#lastTop = this.above;
    if (this.stuck && !near) {
      this.toBottom();
    }
  }

  /** Before a rendering. */
  remember() {
    this.#anchors = this.stuck ? [] : this.visible();
  }

  /** After it: puts the first message that is still there back to where it was. */
  keep() {
    for (const { key, bottom } of this.#anchors) {
      const row = this.row(key);
      if (row) {
        this.scrollBy(row.getBoundingClientRect().bottom - bottom);
        return;
      }
    }
  }

  /** Notes what to return to at another width; not at one that is new, at which it is to be found again first. */
  note() {
    const width = this.scroller?.clientWidth ?? 0;
    if (!this.stuck && this.#first?.row.isConnected && this.#first.width !== width) {
      return;
    }
    this.#first = null;
    if (this.stuck) {
      return;
    }
    const edge = this.scroller?.getBoundingClientRect().top ?? 0;
    for (const row of this.#list.querySelectorAll(".row.message")) {
      const top = row.getBoundingClientRect().top - edge;
      if (top >= 0) {
        this.#first = { row, top, width };
        return;
      }
    }
  }

  /** The list or what is in it has another size. */
  settle() {
    const first = this.#first;
    const width = this.scroller?.clientWidth ?? 0;
    if (this.stuck) {
      this.toBottom();
    } else if (first?.row.isConnected && first.width !== width) {
      this.scrollBy(this.topOf(first.row) - first.top);
      first.width = width;
    }
  }

  /** @param {string} key @returns {HTMLElement | null} */
  row(key) {
    return this.#list.querySelector(`.row[data-key="${CSS.escape(key)}"]`);
  }
}
