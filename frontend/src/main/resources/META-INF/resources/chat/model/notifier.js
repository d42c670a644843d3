// @ts-check
import { plainText } from "./plain-text.js";

/**
 * Notifications of the desktop, for who asked for them: of direct messages, of mentions, and of groups that are not
 * muted, while nobody looks at any of the tabs. The first tab alone shows them.
 */

const KEY = "parley.notify";

/** Whether this person wants them, and the browser lets us; only who wants them is asked about, for the answer comes from another process. */
export function notifying() {
  return localStorage.getItem(KEY) === "yes" && "Notification" in window && Notification.permission === "granted";
}

/** @param {boolean} wanted @returns {Promise<boolean>} whether they are shown from now on */
export async function notify(wanted) {
  localStorage.setItem(KEY, wanted ? "yes" : "no");
  if (wanted && "Notification" in window && Notification.permission === "default") {
    await Notification.requestPermission();
  }
  return notifying();
}

export class Notifier {
  #store;
  #tabs;

  /** @param {import("./store.js").Store} store @param {import("./tabs.js").Tabs} tabs */
  constructor(store, tabs) {
    this.#store = store;
    this.#tabs = tabs;
  }

  /** @param {import("./conversation.js").Conversation} conversation @param {import("./timeline.js").Entry} entry */
  async tell(conversation, entry) {
    const mentioned = entry.mentions?.includes(this.#store.me.id);
    if (!this.#tabs.first || (conversation.settings.muted && !mentioned) || !notifying() || (await this.#tabs.looked())) {
      return;
    }
    const title = conversation.other ? entry.author.name : `${entry.author.name} · ${conversation.title(this.#store.directory)}`;
    const shown = new Notification(title, { body: plainText(entry.text.slice(0, 200)), tag: conversation.group, icon: "/favicon.svg" });
    shown.onclick = () => {
      focus();
      location.hash = conversation.group;
      shown.close();
    };
  }
}
