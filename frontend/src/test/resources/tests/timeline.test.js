// @ts-check
import { Timeline } from "/chat/model/timeline.js";
import { equal, test } from "/tests/harness.js";
import { message } from "/tests/fakes.js";

const ME = { id: "u1", name: "Ada" };

/** @param {Timeline} timeline */
const texts = (timeline) => [...timeline.entries, ...timeline.pending].map((entry) => entry.text);

/** @param {Timeline} timeline @param {string} messageId */
const write = (timeline, messageId) => timeline.addPending({ messageId, text: "mine", author: ME, time: 5 });

const echo = (/** @type {number} */ seq) => message(seq, { messageId: "x", from: { user: "u1", name: "Ada" }, data: { text: "mine" } });

test("history and live entries come together in the order of the log, each once", () => {
  const timeline = new Timeline();
  [5, 6, 3, 4, 5, 3].forEach((seq) => timeline.add(message(seq)));
  equal(timeline.entries.map((entry) => entry.seq), [3, 4, 5, 6]);
  equal([timeline.before, timeline.head], [3, 6]);
});

test("an echo settles the pending message, and the later ack changes nothing", () => {
  const timeline = new Timeline();
  write(timeline, "x");
  const { key } = timeline.pending[0];
  timeline.add(echo(1));
  timeline.settle({ messageId: "x", epoch: "k3", seq: 1, time: 9 });
  equal(texts(timeline), ["mine"]);
  equal([timeline.entries[0].key, timeline.entries[0].status], [key, "sent"]);
});

test("an ack settles it as well, in its place, and the later echo changes nothing", () => {
  const timeline = new Timeline();
  write(timeline, "x");
  timeline.settle({ messageId: "x", epoch: "k3", seq: 3, time: 9 });
  timeline.add(message(2));
  timeline.add(echo(3));
  equal(texts(timeline), ["text 2", "mine"]);
  equal(timeline.pending, []);
});

test("a failed message stays with its reason until it is discarded", () => {
  const timeline = new Timeline();
  write(timeline, "x");
  timeline.changePending("x", { status: "failed", reason: "no" });
  timeline.add(message(1));
  equal(timeline.pending.map(({ status, reason }) => [status, reason]), [["failed", "no"]]);
  timeline.dropPending("x");
  equal(texts(timeline), ["text 1"]);
});

test("a log begun anew goes on below what was known, with a note between", () => {
  const timeline = new Timeline();
  timeline.add(message(41));
  timeline.addGap({ epoch: "m8", from: 1, to: 0, reason: "epoch" });
  timeline.add(message(1, { epoch: "m8" }));
  equal(timeline.entries.map((entry) => entry.kind), ["message", "gap", "message"]);
  equal([timeline.head, timeline.before, timeline.more], [1, 1, false]);
});

test("a page of a log that nobody said was begun anew is set apart all the same, once", () => {
  const timeline = new Timeline();
  timeline.add(message(41));
  timeline.add(message(2, { epoch: "m8" }));
  timeline.add(message(1, { epoch: "m8" }));
  timeline.addGap({ epoch: "m8", from: 1, to: 0, reason: "epoch" });
  equal(timeline.entries.map((entry) => entry.kind), ["message", "gap", "message", "message"]);
});

test("entries that expired leave a note where they were", () => {
  const timeline = new Timeline();
  timeline.add(message(10));
  timeline.addGap({ epoch: "k3", from: 11, to: 20, reason: "expired" });
  timeline.add(message(21));
  equal(timeline.entries.map((entry) => entry.kind), ["message", "gap", "message"]);
});

test("data that is no chat message is shown as what it is", () => {
  const timeline = new Timeline();
  timeline.add(message(1, { from: { service: "shop" }, data: { sku: 7 } }));
  const [entry] = timeline.entries;
  equal(entry.text, '```json\n{\n  "sku": 7\n}\n```');
  equal(entry.author, { id: "shop", name: "shop", service: true });
});

test("a long timeline is cut to its newest entries, and the rest can be had again", () => {
  const timeline = new Timeline();
  timeline.more = false;
  for (let seq = 1; seq <= 1_001; seq++) {
    timeline.add(message(seq));
  }
  timeline.trim();
  equal([timeline.entries.length, timeline.before, timeline.head, timeline.more], [300, 702, 1_001, true]);
  timeline.add(message(701));
  equal(timeline.before, 701);
});
