// @ts-check
import { firstNew, noticeText, rowsOf } from "/chat/model/rows.js";
import { equal, test } from "/tests/harness.js";

const NOON = new Date(2026, 2, 3, 12).getTime();
const MINUTE = 60_000;

/** @param {number} seq @param {string} user @param {number} time @param {any} fields @returns {any} */
const entry = (seq, user, time, fields = {}) => ({
  key: `k${seq}`,
  kind: "message",
  generation: 0,
  seq,
  author: { id: user, name: user },
  time,
  ...fields,
});

/** @param {any[]} entries @param {any} newSince */
const kinds = (entries, newSince = null) =>
  rowsOf(entries, newSince, "me").map((row) => (row.type === "message" ? (row.first ? "first" : "next") : row.type));

test("one author's messages within five minutes stand together", () => {
  const entries = [
    entry(1, "a", NOON),
    entry(2, "a", NOON + 4 * MINUTE),
    entry(3, "a", NOON + 8 * MINUTE),
    entry(4, "a", NOON + 14 * MINUTE),
    entry(5, "b", NOON + 14 * MINUTE),
  ];
  equal(kinds(entries), ["day", "first", "next", "next", "first", "first"]);
});

test("a new day stands apart", () => {
  const midnight = new Date(2026, 2, 4).getTime();
  equal(kinds([entry(1, "a", midnight - MINUTE), entry(2, "a", midnight + MINUTE)]), ["day", "first", "day", "first"]);
});

test("what is new begins with the first unread message of another, if that is known to be the first", () => {
  const entries = [entry(1, "a", NOON), entry(2, "me", NOON), entry(3, "a", NOON)];
  const since = { generation: 0, seq: 1 };
  equal(firstNew({ entries, more: true }, since, "me"), 2);
  equal(firstNew({ entries: entries.slice(2), more: true }, since, "me"), -1);
  equal(firstNew({ entries: entries.slice(2), more: false }, since, "me"), 0);
  equal(firstNew({ entries, more: true }, null, "me"), -1);
});

test("the line of the new stands before the first unread message of another", () => {
  const entries = [entry(1, "a", NOON), entry(2, "me", NOON), entry(3, "a", NOON)];
  equal(kinds(entries, { generation: 0, seq: 1 }), ["day", "first", "first", "new", "first"]);
});

test("joins and leaves in a row are one notice, and end a group", () => {
  const joined = (/** @type {number} */ seq, /** @type {string} */ user, state = "added") =>
    entry(seq, user, NOON, { kind: "membership", data: { user, state } });
  const entries = [entry(1, "a", NOON), joined(2, "b"), joined(3, "me"), joined(4, "b", "removed"), entry(5, "a", NOON)];
  equal(kinds(entries), ["day", "first", "notice", "first"]);
  const names = (/** @type {string} */ user) => (user === "me" ? "You" : "Bo");
  equal(noticeText(entries.slice(1, 4), names), "You and Bo joined · Bo left");
});

test("somebody added by another is told as such", () => {
  const names = (/** @type {string} */ user) => ({ me: "You", b: "Bo", o: "Ola" })[user] || user;
  const told = (/** @type {string} */ state, /** @type {string} */ user, /** @type {string=} */ by) =>
    entry(1, "parley", NOON, { kind: "membership", data: { user, state, by: by && { user: by, name: "" } } });
  equal(noticeText([told("added", "b", "o")], names), "Bo was added by Ola");
  equal(noticeText([told("added", "me", "o")], names), "You were added by Ola");
  equal(noticeText([told("removed", "b", "me"), told("removed", "o", "me")], names), "Bo and Ola were removed by you");
  equal(noticeText([told("removed", "b", "o"), told("removed", "b")], names), "Bo was removed by Ola · Bo left");
  equal(noticeText([told("added", "b")], names), "Bo joined");
});
