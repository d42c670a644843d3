// @ts-check
/** Why a request failed: the server's `error`, or the client's own `disconnected`, `timeout` or `queue_full`. */
export class ParleyError extends Error {
  /** @param {{code: string, detail?: string, retryable?: boolean, retryAfter?: number}} error */
  constructor({ code, detail, retryable = false, retryAfter }) {
    super(detail || code);
    this.name = "ParleyError";
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/**
 * @typedef {{id: number, frame: any, text: string, keep: boolean, timer?: any,
 *   resolve: (result: any) => void, reject: (error: ParleyError) => void}} Request
 */

/**
 * Requests on their way: first waiting in order, then written and unanswered, of which the server allows only so many.
 * When the socket is lost, those to keep go back to the front, in order; that is safe because each send has a messageId.
 */
export class Outbox {
  /** @type {Request[]} */
  #waiting = [];
  /** @type {Map<number, Request>} */
  #unanswered = new Map();
  #nextId = 1;
  #options;
  /** @type {((text: string) => void) | null} */
  #write = null;
  #limit = 1;

  /** @param {{clock: any, timeout: number, maxQueue: number}} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {any} frame
   * @param {boolean} keep whether it waits for a connection, and outlives one
   * @returns {Promise<any>} the fields of the ack
   */
  add(frame, keep) {
    return new Promise((resolve, reject) => {
      const problem =
        !this.#write && !keep
          ? { code: "disconnected", retryable: true }
          : this.#waiting.length >= this.#options.maxQueue
            ? { code: "queue_full", retryable: true }
            : null;
      if (problem) {
        reject(new ParleyError(problem));
        return;
      }
      const id = this.#nextId++;
      this.#waiting.push({ id, frame, text: JSON.stringify({ ...frame, id }), keep, resolve, reject });
      this.#pump();
    });
  }

  /** A waiting request that `match` knows, to be changed in place of adding another. @param {(frame: any) => boolean} match */
  amend(match, /** @type {any} */ fields) {
    const request = this.#waiting.find(({ frame }) => match(frame));
    if (request) {
      Object.assign(request.frame, fields);
      request.text = JSON.stringify({ ...request.frame, id: request.id });
    }
    return Boolean(request);
  }

  /** The connection is there. @param {(text: string) => void} write @param {number} limit unanswered requests at most */
  open(write, limit) {
    this.#write = write;
    this.#limit = limit;
    this.#pump();
  }

  /** The connection is gone; with an error, for good. @param {ParleyError=} error */
  close(error) {
    this.#write = null;
    const all = [...this.#unanswered.values(), ...this.#waiting];
    this.#unanswered.clear();
    this.#waiting = all.filter((request) => request.keep && !error);
    for (const request of all) {
      this.#options.clock.clearTimeout(request.timer);
      if (error || !request.keep) {
        request.reject(error || new ParleyError({ code: "disconnected", retryable: true }));
      }
    }
  }

  /** An ack or error came. @param {any} frame @returns {boolean} whether it answered something */
  answer(frame) {
    const request = this.#unanswered.get(frame.id);
    if (!request) {
      return false;
    }
    this.#unanswered.delete(frame.id);
    this.#options.clock.clearTimeout(request.timer);
    if (frame.type === "error") {
      request.reject(new ParleyError(frame));
    } else {
      request.resolve(frame);
    }
    this.#pump();
    return true;
  }

  #pump() {
    while (this.#write && this.#unanswered.size < this.#limit && this.#waiting.length) {
      const request = /** @type {Request} */ (this.#waiting.shift());
      this.#unanswered.set(request.id, request);
      request.timer = this.#options.clock.setTimeout(
        () => this.answer({ type: "error", id: request.id, code: "timeout", retryable: true }),
        this.#options.timeout,
      );
      this.#write(request.text);
    }
  }
}
