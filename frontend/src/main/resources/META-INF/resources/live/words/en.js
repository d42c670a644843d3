// @ts-check
/** English, and the list of all keys. */
export const en = Object.freeze({
  "live.title": "Live board",
  "live.toChat": "Parley, to the chat",
  "live.connected": "Live",
  "live.connecting": "Connecting…",
  "live.disconnected": "Not connected",
  "live.ended": "The connection has ended.",
  "live.noGuests": "This server doesn’t take guests. Sign in to the chat first, then come back.",
  "live.received": { one: "{count} figure received", other: "{count} figures received" },
  "live.empty": "Nothing has been pushed yet",
  "live.emptyHint": "Send a figure from any backend, and it shows up here at once. From a shell, with the key of dev mode:",
  "live.copy": "Copy",
  "live.copied": "Copied",
});
