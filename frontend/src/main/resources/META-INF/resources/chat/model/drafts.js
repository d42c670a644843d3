// @ts-check
/** What was begun and not sent, for each user and conversation, over reloads. */

/** @param {string} user @param {string} group */
const key = (user, group) => `parley.draft.${user}.${group}`;

/** @param {string} user @param {string} group */
export function draft(user, group) {
  return localStorage.getItem(key(user, group)) || "";
}

/** @param {string} user @param {string} group @param {string} text */
export function keepDraft(user, group, text) {
  try {
    if (text.trim()) {
      localStorage.setItem(key(user, group), text);
    } else {
      localStorage.removeItem(key(user, group));
    }
  } catch {
    // A full storage costs the draft after a reload, nothing else.
  }
}
