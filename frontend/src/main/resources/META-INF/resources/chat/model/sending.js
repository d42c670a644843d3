// @ts-check
import { newMessageId } from "/client/parley.js";
import { inWords } from "./errors.js";
import { LOBBY } from "./names.js";

/** Tries of one message before a person is asked. */
const TRIES = 4;

/** @typedef {import("./conversation.js").Conversation} Conversation */

/**
 * Sends what was written: shown at once as pending, settled by the ack or the echo, whichever comes first. A try that
 * may have arrived is repeated with the same messageId, so it can't arrive twice.
 */
export class Sending {
  #parley;
  #store;

  /** @param {import("/client/parley.js").Parley} parley @param {import("./store.js").Store} store */
  constructor(parley, store) {
    this.#parley = parley;
    this.#store = store;
  }

  /** @param {Conversation} conversation @param {string} text */
  send(conversation, text) {
    const messageId = newMessageId();
    const author = { id: this.#store.me.id, name: this.#store.me.name };
    conversation.timeline.addPending({ messageId, text, author, time: Date.now() });
    conversation.newSince = null;
    this.#try(conversation, messageId, text, 1);
  }

  /** @param {Conversation} conversation @param {import("./timeline.js").Entry} entry */
  retry(conversation, entry) {
    conversation.timeline.changePending(entry.messageId, { status: "pending", reason: undefined });
    this.#try(conversation, entry.messageId, entry.text, 1);
  }

  /** @param {Conversation} conversation @param {import("./timeline.js").Entry} entry */
  discard(conversation, entry) {
    conversation.timeline.dropPending(entry.messageId);
    this.#store.changed();
  }

  /** @param {Conversation} conversation @param {string} messageId @param {string} text @param {number} attempt */
  async #try(conversation, messageId, text, attempt) {
    this.#store.changed();
    try {
      conversation.timeline.settle(await this.#parley.send(conversation.to, { text }, { messageId }));
    } catch (error) {
      const { code, retryAfter } = /** @type {any} */ (error);
      // To the lobby one belongs, or is being brought just now.
      const joining = conversation.group === LOBBY && (code === "unknown_group" || code === "not_joined");
      const retryable = joining || /** @type {any} */ (error).retryable;
      if (retryable && code !== "queue_full" && attempt < TRIES) {
        setTimeout(() => this.#try(conversation, messageId, text, attempt + 1), retryAfter ?? 500 * 2 ** attempt);
        return;
      }
      conversation.timeline.changePending(messageId, { status: "failed", reason: inWords(error) });
    }
    this.#store.changed();
  }
}
