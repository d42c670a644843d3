// @ts-check
/** The protocol's error codes, and the client's own, in words for people. */

/** @type {Record<string, string>} */
const WORDS = {
  too_large: "The message is too long.",
  rate_limited: "You are sending too fast.",
  forbidden: "You may not do that here.",
  unknown_group: "This group no longer exists.",
  unknown_user: "This person is not known here.",
  not_joined: "You are no longer in this group.",
  conflict: "That did not fit what others did at the same time.",
  unavailable: "The server can’t keep messages right now.",
  disconnected: "There is no connection right now.",
  closed: "The server ended the connection.",
  timeout: "The server did not answer.",
  queue_full: "Too many messages are waiting already.",
};

/** @param {any} error */
export function inWords(error) {
  return WORDS[error?.code] || error?.message || "Something went wrong.";
}
