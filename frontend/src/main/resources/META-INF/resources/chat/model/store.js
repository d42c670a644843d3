// @ts-check
import { Conversation } from "./conversation.js";
import { Directory } from "./names.js";

/** For how long what nobody waits for may wait, in milliseconds: typing, presence and receipts come in swarms around each message. */
const SOON = 50;

/** @typedef {{id: number, text: string, tone: "info" | "error", title?: string}} Toast */

/**
 * All that the views show. The glue changes it and says so; views are told at most once a turn, and read what they need.
 */
export class Store {
  /** @type {{id: string, name: string}} */
  me;
  directory = new Directory();
  /** @type {Map<string, Conversation>} */
  conversations = new Map();
  /** The open conversation's group. @type {string | null} */
  selected = null;
  /** @type {{state: string, since: number, retryAt?: number, code?: number, welcomed: boolean}} */
  link = { state: "connecting", since: Date.now(), welcomed: false };
  /** @type {Toast[]} */
  toasts = [];
  /** What a screen reader is told next. */
  announcement = "";
  /** What stands beside the conversation. @type {"people" | "search" | null} */
  panel = null;
  /** The place in a conversation to go to, and when that was asked. @type {{group: string, seq: number, at: number} | null} */
  target = null;
  /** Whether the lobby is being joined, as it is by everybody who comes for the first time. */
  entering = false;

  /** @type {Set<() => void>} */
  #listeners = new Set();
  #told = true;
  /** @type {any} */
  #soon;
  #nextToast = 1;

  /** @param {{id: string, name: string}} me */
  constructor(me) {
    this.me = me;
    this.directory.learn(me.id, me.name);
  }

  /** @param {() => void} listener @returns {() => void} */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Views are told at the end of this turn. */
  changed() {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    if (this.#told) {
      this.#told = false;
      queueMicrotask(() => {
        this.#told = true;
        this.#listeners.forEach((listener) => listener());
      });
    }
  }

  /** Views are told with what changes next, or a moment later. */
  changedSoon() {
    this.#soon ??= setTimeout(() => this.changed(), SOON);
  }

  /** @param {string} group */
  conversation(group) {
    let conversation = this.conversations.get(group);
    if (!conversation) {
      conversation = new Conversation(group, this.me.id);
      this.conversations.set(group, conversation);
    }
    return conversation;
  }

  get current() {
    return this.selected ? this.conversations.get(this.selected) : undefined;
  }

  /** Those to list, the liveliest first. */
  get listed() {
    const visible = [...this.conversations.values()].filter((conversation) => conversation.visible);
    return visible.sort((one, other) => other.lastTime - one.lastTime || one.group.localeCompare(other.group));
  }

  get totalUnread() {
    return this.listed.reduce((sum, { settings, unread, mentions }) => sum + (settings.muted ? mentions : unread), 0);
  }

  /** Whether a person is on, as far as any conversation tells. @param {string} user */
  isOnline(user) {
    return user === this.me.id || [...this.conversations.values()].some((conversation) => conversation.isOnline(user));
  }

  /** @param {string} text @param {Toast["tone"]} tone @param {string=} title */
  toast(text, tone = "info", title) {
    const toast = { id: this.#nextToast++, text, tone, title };
    this.toasts = [...this.toasts.slice(-3), toast];
    this.changed();
    setTimeout(() => this.dismiss(toast.id), tone === "error" ? 8_000 : 6_000);
  }

  /** @param {number} id */
  dismiss(id) {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    this.changed();
  }

  /** @param {string} text */
  announce(text) {
    this.announcement = text;
    this.changed();
  }
}
