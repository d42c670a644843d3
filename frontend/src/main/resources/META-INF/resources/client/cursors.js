// @ts-check
/**
 * Where this client stands in each channel. A cursor moves only by `message`, `skip` and `gap`, and what lies at or
 * before it in the same epoch is a repeat. Kept in `storage`, where one is given, so that a reload resumes.
 */
export class Cursors {
  /** @type {Map<string, {epoch: string, seq: number}>} */
  #positions = new Map();
  /** Where the backlog of a channel ends, for those still behind. @type {Map<string, {epoch: string, seq: number}>} */
  #behind = new Map();
  #save;

  /**
   * @param {Pick<Storage, "getItem" | "setItem"> | undefined} storage
   * @param {(task: () => void) => void} later runs a task soon; many moves then cost one write
   */
  constructor(storage, later) {
    let waiting = false;
    const write = () => {
      waiting = false;
      try {
        storage?.setItem("parley.cursors", JSON.stringify(this.resume()));
      } catch {
        // A full or forbidden storage costs the resume after a reload, nothing else.
      }
    };
    this.#save = () => {
      if (storage && !waiting) {
        waiting = true;
        later(write);
      }
    };
    try {
      const kept = JSON.parse(storage?.getItem("parley.cursors") || "{}");
      this.#positions = new Map(Object.entries(kept));
    } catch {
      // Unreadable: begin where the server says we stand.
    }
  }

  /** What `hello.resume` asks for. */
  resume() {
    return Object.fromEntries(this.#positions);
  }

  /** @param {string} channel */
  get(channel) {
    return this.#positions.get(channel);
  }

  /** Starts to follow at a position, unless the channel is followed already. @param {string} channel @param {{epoch: string, seq: number}} at */
  begin(channel, { epoch, seq }) {
    if (!this.#positions.has(channel)) {
      this.#positions.set(channel, { epoch, seq });
      this.#save();
    }
  }

  /** @param {string} channel */
  drop(channel) {
    this.#positions.delete(channel);
    this.#behind.delete(channel);
    this.#save();
  }

  /**
   * Takes the channels of a `welcome`: new ones begin at their head, resumed ones stay where they were until their
   * backlog came, refused ones are forgotten.
   * @param {any[]} channels
   * @returns {any[]} those that were refused
   */
  welcome(channels) {
    this.#behind.clear();
    for (const at of channels) {
      const mine = this.get(at.channel);
      if (at.error) {
        this.drop(at.channel);
      } else if (mine && at.recovered !== undefined) {
        if (mine.epoch !== at.epoch || mine.seq < at.seq) {
          this.#behind.set(at.channel, at);
        }
      } else {
        this.#positions.delete(at.channel);
        this.begin(at.channel, at);
      }
    }
    return channels.filter((at) => at.error);
  }

  /** Whether all backlogs of the last `welcome` are in. */
  get synced() {
    return this.#behind.size === 0;
  }

  /**
   * Moves a cursor.
   * @param {string} channel
   * @param {string} epoch
   * @param {number} seq
   * @returns {boolean} false for a repeat, which is to be dropped
   */
  advance(channel, epoch, seq) {
    const at = this.get(channel);
    if (at?.epoch === epoch && seq <= at.seq) {
      return false;
    }
    this.#positions.set(channel, { epoch, seq });
    const end = this.#behind.get(channel);
    if (end && (end.epoch !== epoch || end.seq <= seq)) {
      this.#behind.delete(channel);
    }
    this.#save();
    return true;
  }
}
