// @ts-check
/** Asks the chat to open a conversation. @param {EventTarget} from @param {string | null} group */
export function openConversation(from, group) {
  from.dispatchEvent(new CustomEvent("open-conversation", { detail: group, bubbles: true }));
}

/** Asks the chat to open the direct conversation with somebody. @param {EventTarget} from @param {string} user */
export function openPerson(from, user) {
  from.dispatchEvent(new CustomEvent("open-person", { detail: user, bubbles: true }));
}

/** Closes what stands beside the conversation; the focus goes back to the button that opened it. @param {import("../model/store.js").Store} store */
export function closePanel(store) {
  const { panel } = store;
  store.panel = null;
  store.changed();
  document.getElementById(`toggle-${panel}`)?.focus();
}

/** What the address of the page names: `#chat:lobby`, or `#chat:lobby/42` for a message. @returns {{group: string, seq?: number}} */
export function addressed() {
  const [group, seq] = decoded(location.hash.slice(1)).split("/");
  return { group, seq: Number(seq) || undefined };
}

/** A link to a message. @param {string} group @param {number} seq */
export function permalink(group, seq) {
  return `${location.origin}${location.pathname}#${group}/${seq}`;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return ""; // Not of our making.
  }
}
