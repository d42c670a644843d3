// @ts-check
import { kept } from "/chat/model/kept.js";
import { Sending } from "/chat/model/sending.js";
import { Store } from "/chat/model/store.js";
import { Tabs } from "/chat/model/tabs.js";
import { equal, ok, test } from "/tests/harness.js";
import { laboratory, settle } from "/tests/fakes.js";

const GROUP = "chat:team";

/** A tab of a user, and what it sends; each test has a user of its own. @param {string} user */
function tab(user) {
  const lab = laboratory();
  const store = new Store({ id: user, name: user });
  const tabs = new Tabs(user);
  const sending = new Sending(lab.parley, store, tabs);
  sending.begin();
  lab.parley.connect();
  return { lab, store, tabs, sending, team: store.conversation(GROUP), sent: () => lab.socket.ofType("send") };
}

/** @param {() => unknown} condition @param {string} what */
async function eventually(condition, what) {
  for (let turn = 0; turn < 200 && !condition(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  ok(condition(), what);
}

/** @param {ReturnType<typeof tab>} of */
const texts = ({ team }) => team.timeline.pending.map(({ text }) => text);

test("what is written is shown at once, kept until the hub has it, and shown in the other tabs", async () => {
  const [one, other] = [tab("s1"), tab("s1")];
  await one.lab.admits();
  one.sending.send(one.team, "hello");
  equal([texts(one), kept("s1").length], [["hello"], 1]);
  await eventually(() => texts(other).length === 1, "the other tab to show it");
  const { id, messageId } = one.sent()[0];
  await one.lab.socket.gives({ type: "ack", id, messageId, channel: "group/" + GROUP, epoch: "t", seq: 1, time: 1, duplicate: false });
  equal([texts(one), kept("s1").length], [[], 0]);
  equal(one.team.timeline.entries.map(({ text }) => text), ["hello"]);
  one.sending.end();
  other.sending.end();
});

test("what a tab that is gone left behind is sent once more, with the same id and in order", async () => {
  const gone = tab("s2");
  gone.sending.send(gone.team, "first");
  gone.sending.send(gone.team, "second", { mentions: ["u2"] });
  const ids = gone.team.timeline.pending.map(({ messageId }) => messageId);
  gone.sending.end();
  const next = tab("s2");
  await next.lab.admits();
  equal(texts(next), ["first", "second"]);
  await eventually(() => next.sent().length === 2, "both to be sent");
  equal(next.sent().map(({ messageId, data, mentions }) => [messageId, data.text, mentions]), [[ids[0], "first", undefined], [ids[1], "second", ["u2"]]]);
  next.sending.end();
  next.team.timeline.pending.forEach((entry) => next.sending.discard(next.team, entry));
});

test("what another tab is still sending is left to it", async () => {
  const busy = tab("s3");
  await eventually(() => busy.tabs.first, "the first tab");
  busy.sending.send(busy.team, "mine");
  const second = tab("s3");
  await second.lab.admits();
  await eventually(() => texts(second).length === 1, "it to be shown");
  await settle();
  equal([second.tabs.first, second.sent().length], [false, 0]);
  busy.sending.end();
  await eventually(() => second.sent().length === 1, "it to be sent once the first tab is gone");
  second.team.timeline.pending.forEach((entry) => second.sending.discard(second.team, entry));
  second.sending.end();
});

test("what was refused can be tried again or deleted, and a reaction that was refused goes away", async () => {
  const one = tab("s4");
  await one.lab.admits();
  one.sending.send(one.team, "not allowed");
  await one.lab.socket.gives({ type: "error", id: one.sent()[0].id, code: "forbidden", detail: "", retryable: false });
  const [failed] = one.team.timeline.pending;
  equal(failed.status, "failed");
  one.sending.retry(one.team, failed);
  equal([one.team.timeline.pending[0].status, one.sent()[1].messageId], ["pending", failed.messageId]);
  one.sending.discard(one.team, one.team.timeline.pending[0]);
  equal([texts(one), kept("s4")], [[], []]);

  one.team.take({ channel: "group/" + GROUP, epoch: "t", seq: 1, messageId: "m1", from: { user: "u2", name: "Bo" }, event: "message", time: 1, data: { text: "x" } });
  one.sending.send(one.team, "", { data: { emoji: "👍" }, ref: { messageId: "m1", kind: "reaction" } });
  equal(one.team.timeline.entries[0].reactions, [{ emoji: "👍", users: ["s4"] }]);
  await one.lab.socket.gives({ type: "error", id: one.sent()[2].id, code: "forbidden", detail: "", retryable: false });
  equal([one.team.timeline.entries[0].reactions, kept("s4")], [[], []]);
  one.sending.end();
});
