// @ts-check
/**
 * What was written and is not yet with the hub, over reloads and crashes: one key of the browser's storage for each, so
 * that tabs do not write over one another.
 */

/**
 * @typedef {{messageId: string, group: string, text: string, time: number, turn: number, tab: string, data?: any, mentions?: string[],
 *   ref?: {messageId: string, kind: "reply" | "edit" | "delete" | "reaction"}}} Written
 */

/** @param {string} user */
const prefix = (user) => `parley.outbox.${user}.`;

/** @param {string} user @param {Written} written */
export function keep(user, written) {
  try {
    localStorage.setItem(prefix(user) + written.messageId, JSON.stringify(written));
  } catch {
    // A full storage costs it after a reload, nothing else.
  }
}

/** @param {string} user @param {string} messageId */
export function forget(user, messageId) {
  localStorage.removeItem(prefix(user) + messageId);
}

/** In the order in which it was written. @param {string} user @returns {Written[]} */
export function kept(user) {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix(user)))
    .map((key) => parsed(localStorage.getItem(key)))
    .filter((written) => written?.messageId && written.group)
    .sort((one, other) => one.time - other.time || one.turn - other.turn);
}

/** Hands on what an identity that has ended left behind, drafts among it, to the one that follows it. @param {string} from @param {string} to */
export function inherit(from, to) {
  for (const kind of ["outbox", "draft"]) {
    const old = `parley.${kind}.${from}.`;
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(old))) {
      localStorage.setItem(`parley.${kind}.${to}.` + key.slice(old.length), localStorage.getItem(key) || "");
      localStorage.removeItem(key);
    }
  }
}

/** @param {string | null} json */
function parsed(json) {
  try {
    return JSON.parse(json || "null");
  } catch {
    return null;
  }
}
