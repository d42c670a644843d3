// @ts-check
import { newMessageId } from "../../client/parley.js";
import { inWords } from "./errors.js";
import { forget, keep, kept } from "./kept.js";
import { LOBBY } from "./names.js";

/** Tries of one message before a person is asked. */
const TRIES = 4;
/** How often the first tab looks for what tabs that are gone left behind, in milliseconds. */
const LOOK_EACH = 5_000;

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./timeline.js").Entry} Entry */
/** @typedef {import("./kept.js").Written} Written */

/**
 * Sends what was written: shown at once as pending, settled by the ack or the echo, whichever comes first. A try that
 * may have arrived is repeated with the same messageId, so it can't arrive twice. It is kept until then, and outlives a
 * reload; what a tab that is gone left behind is sent by the first of the others.
 */
export class Sending {
  #parley;
  #store;
  #tabs;
  /** Tells apart what was written within a millisecond. */
  #turn = 0;
  /** What this tab is sending. @type {Set<string>} */
  #mine = new Set();
  /** @type {any} */
  #timer;

  /** @param {import("../../client/parley.js").Parley} parley @param {import("./store.js").Store} store @param {import("./tabs.js").Tabs} tabs */
  constructor(parley, store, tabs) {
    this.#parley = parley;
    this.#store = store;
    this.#tabs = tabs;
    tabs.on("written", (written) => this.#show(written));
    tabs.on("discarded", ({ group, messageId }) => this.#drop(group, messageId));
    tabs.on("failed", ({ group, messageId, reason }) => this.#change(group, messageId, { status: "failed", reason }));
    tabs.on("again", ({ group, messageId }) => this.#change(group, messageId, { status: "pending", reason: undefined }));
  }

  /** Shows what was kept, and sends what nobody else does, from now on. */
  begin() {
    kept(this.#store.me.id).forEach((written) => this.#show(written));
    this.#tabs.begin(() => {
      this.#adopt();
      this.#timer = setInterval(() => this.#adopt(), LOOK_EACH);
    });
  }

  end() {
    clearInterval(this.#timer);
    this.#tabs.end();
  }

  /**
   * @param {Conversation} conversation
   * @param {string} text
   * @param {{data?: any, mentions?: string[], ref?: Written["ref"]}} more
   */
  send(conversation, text, { data, mentions, ref } = {}) {
    const messageId = newMessageId();
    /** @type {Written} */
    const written = { messageId, group: conversation.group, text, time: Date.now(), turn: this.#turn++, tab: this.#tabs.id, data, mentions, ref };
    keep(this.#store.me.id, written);
    this.#show(written);
    this.#tabs.tell("written", written);
    if (!ref || ref.kind === "reply") {
      conversation.newSince = null;
    }
    this.#try(written, 1);
  }

  /** @param {Conversation} conversation @param {Entry} entry */
  retry(conversation, entry) {
    const written = kept(this.#store.me.id).find(({ messageId }) => messageId === entry.messageId);
    this.#change(conversation.group, entry.messageId, { status: "pending", reason: undefined });
    this.#tabs.tell("again", { group: conversation.group, messageId: entry.messageId });
    const { messageId, text, time, mentions, replyTo } = entry;
    const ref = replyTo ? { messageId: replyTo, kind: /** @type {const} */ ("reply") } : undefined;
    const again = { messageId, group: conversation.group, text, time, turn: this.#turn++, mentions, ref, ...written, tab: this.#tabs.id };
    keep(this.#store.me.id, again);
    this.#try(again, 1);
  }

  /** @param {Conversation} conversation @param {Entry} entry */
  discard(conversation, entry) {
    const { messageId } = entry;
    forget(this.#store.me.id, messageId);
    this.#drop(conversation.group, messageId);
    this.#tabs.tell("discarded", { group: conversation.group, messageId });
  }

  async #adopt() {
    const open = await this.#tabs.open();
    for (const written of kept(this.#store.me.id)) {
      if (!open.has(written.tab) && !this.#mine.has(written.messageId)) {
        const own = { ...written, tab: this.#tabs.id };
        keep(this.#store.me.id, own);
        this.#show(own);
        this.#try(own, 1);
      }
    }
  }

  /** In this tab; its entry may have come before. @param {Written} written */
  #show({ messageId, group, text, time, data, mentions, ref }) {
    const { me } = this.#store;
    const conversation = this.#store.conversation(group);
    const { timeline } = conversation;
    const author = { id: me.id, name: me.name };
    if (ref && ref.kind !== "reply") {
      const fold = { messageId, kind: ref.kind, user: me.id, data: data ?? { text }, generation: Infinity, seq: time };
      timeline.fold(ref.messageId, fold);
      conversation.context?.fold(ref.messageId, fold);
    } else if (!timeline.pending.some((entry) => entry.messageId === messageId) && !timeline.byId(messageId)) {
      timeline.addPending({ messageId, text, author, time, mentions, replyTo: ref?.messageId });
    }
    this.#store.changed();
  }

  /** @param {Written} written @param {number} attempt */
  async #try(written, attempt) {
    const { messageId, group, text, data, mentions, ref } = written;
    const conversation = this.#store.conversation(group);
    this.#mine.add(messageId);
    this.#store.changed();
    try {
      const options = { messageId, ...(ref && { ref }), ...(mentions?.length && { mentions }) };
      const ack = await this.#parley.send(conversation.to, ref?.kind === "delete" ? null : (data ?? { text }), options);
      forget(this.#store.me.id, messageId);
      conversation.timeline.settle(ack);
    } catch (error) {
      const { code, retryAfter } = /** @type {any} */ (error);
      if (code === "disconnected" && this.#parley.state === "disconnected") {
        return; // Signed out, or sent away: it stays kept.
      }
      // To the lobby one belongs, or is being brought just now.
      const joining = group === LOBBY && (code === "unknown_group" || code === "not_joined");
      const retryable = joining || /** @type {any} */ (error).retryable;
      if (retryable && code !== "queue_full" && attempt < TRIES) {
        setTimeout(() => this.#try(written, attempt + 1), retryAfter ?? 500 * 2 ** attempt);
        return;
      }
      this.#failed(written, inWords(error));
    }
    this.#mine.delete(messageId);
    this.#store.changed();
  }

  /** @param {Written} written @param {string} reason */
  #failed({ group, messageId, ref }, reason) {
    if (ref && ref.kind !== "reply") {
      forget(this.#store.me.id, messageId);
      const conversation = this.#store.conversation(group);
      conversation.timeline.unfold(ref.messageId, messageId);
      conversation.context?.unfold(ref.messageId, messageId);
      this.#store.toast(reason, "error");
    } else {
      this.#change(group, messageId, { status: "failed", reason });
      this.#tabs.tell("failed", { group, messageId, reason });
    }
  }

  /** @param {string} group @param {string} messageId @param {Partial<Entry>} fields */
  #change(group, messageId, fields) {
    this.#store.conversations.get(group)?.timeline.changePending(messageId, fields);
    this.#store.changed();
  }

  /** @param {string} group @param {string} messageId */
  #drop(group, messageId) {
    this.#store.conversations.get(group)?.timeline.dropPending(messageId);
    this.#store.changed();
  }
}
