// @ts-check
/** Asks the chat to open a conversation. @param {EventTarget} from @param {string | null} group */
export function openConversation(from, group) {
  from.dispatchEvent(new CustomEvent("open-conversation", { detail: group, bubbles: true }));
}

/** Asks the chat to open the direct conversation with somebody. @param {EventTarget} from @param {string} user */
export function openPerson(from, user) {
  from.dispatchEvent(new CustomEvent("open-person", { detail: user, bubbles: true }));
}
