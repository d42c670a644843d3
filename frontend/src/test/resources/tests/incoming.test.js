// @ts-check
import { History } from "/chat/model/history.js";
import { Incoming } from "/chat/model/incoming.js";
import { Store } from "/chat/model/store.js";
import { equal, ok, test } from "/tests/harness.js";
import { LOBBY, laboratory, message, settle } from "/tests/fakes.js";

const ME = { id: "u1", name: "Ada" };
const GROUP = "chat:lobby";

/** A chat's state on a client whose socket is in the test's hands. */
function chat() {
  const lab = laboratory();
  const store = new Store(ME);
  let lobbyAsked = 0;
  const history = new History(lab.parley, store);
  /** @type {string[]} */
  const news = [];
  new Incoming(lab.parley, store, history, () => lobbyAsked++, (_, entry) => news.push(entry.text));
  lab.parley.connect();
  return {
    lab,
    store,
    history,
    news,
    lobbyAsked: () => lobbyAsked,
    conversation: () => store.conversation(GROUP),
    /** Answers the question for all conversations. @param {any} lobby what it says of the lobby */
    async tells(lobby) {
      const { id } = lab.socket.ofType("conversations").at(-1);
      const described = { group: GROUP, role: "member", members: 2, epoch: "k3", seq: 3, unread: 0, mentions: 0, last: [], ...lobby };
      await lab.socket.gives({ type: "ack", id, conversations: [described], more: false });
    },
    /** Answers the questions for history and presence that are open. @param {any[]} messages @param {any[]} users */
    async answers(messages, users = []) {
      const { socket } = lab;
      for (const { type, id } of [...socket.sent]) {
        if (type === "history") {
          await socket.gives({ type: "ack", id, messages, more: false });
        } else if (type === "presence") {
          await socket.gives({ type: "ack", id, users, count: users.length });
        }
      }
    },
  };
}

test("a followed group is listed with its name, its last message and its unread, as the hub counts it", async () => {
  const { lab, store, conversation, tells, lobbyAsked } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 3, read: 1 }] });
  await tells({ title: "The lobby", topic: "All and nothing", unread: 2, mentions: 1, read: 1, last: [message(3)], settings: { muted: true } });
  equal(store.listed.map(({ group }) => group), [GROUP]);
  const { unread, mentions, topic, lastMessage, settings, loaded } = conversation();
  equal([unread, mentions, topic, lastMessage?.text, settings.muted, loaded], [2, 1, "All and nothing", "text 3", true, "no"]);
  equal(conversation().title(store.directory), "The lobby");
  equal(store.directory.name("u2"), "Bo");
  equal(lobbyAsked(), 0);
});

test("opening one brings its newest page and who is here", async () => {
  const { lab, history, conversation, tells, answers } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 3 }] });
  await tells({ last: [message(3)] });
  history.open(conversation());
  history.people(conversation());
  await answers([1, 2, 3].map((seq) => message(seq)), [{ user: "u2", name: "Bo", devices: 1, since: 1 }]);
  equal([conversation().loaded, conversation().isOnline("u2")], ["yes", true]);
  equal(conversation().timeline.entries.map(({ seq }) => seq), [1, 2, 3]);
});

test("a hub that knows nothing of conversations has them opened all the same", async () => {
  const { lab, conversation } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 3 }] });
  const { id } = lab.socket.ofType("conversations")[0];
  await lab.socket.gives({ type: "error", id, code: "unknown_type", detail: "", retryable: false });
  equal(conversation().described, true);
});

test("edits, deletions and reactions are folded into what they are about, and count for nothing", async () => {
  const { lab, conversation, news } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 0, read: 0 }] });
  const about = (/** @type {string} */ kind) => ({ ref: { messageId: "m1", kind } });
  await lab.socket.gives(message(1, { messageId: "m1" }));
  await lab.socket.gives(message(2, { ...about("edit"), data: { text: "better" } }));
  await lab.socket.gives(message(3, { ...about("reaction"), data: { emoji: "👍" } }));
  const [entry] = conversation().timeline.entries;
  equal([entry.text, entry.edited, entry.reactions], ["better", true, [{ emoji: "👍", users: ["u2"] }]]);
  await lab.socket.gives(message(4, { ...about("reaction"), data: { emoji: "👍", off: true } }));
  equal(conversation().timeline.entries[0].reactions, []);
  await lab.socket.gives(message(5, { ...about("delete"), data: null }));
  equal([conversation().timeline.entries[0].deleted, conversation().timeline.entries[0].text], [true, ""]);
  equal([conversation().unread, conversation().timeline.head, news], [1, 5, ["text 1"]]);
});

test("a mention is counted apart, a new name shown, and what was set elsewhere taken over", async () => {
  const { lab, store, conversation } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 0, read: 0 }] });
  await lab.socket.gives(message(1, { mentions: ["u1"] }));
  const hub = { from: { service: "parley" }, event: "group" };
  await lab.socket.gives(message(2, { ...hub, data: { title: "Harbour", by: { user: "u2", name: "Bo" } } }));
  await lab.socket.gives({ type: "settings", group: GROUP, value: { muted: true } });
  equal([conversation().unread, conversation().mentions, conversation().settings.muted], [1, 1, true]);
  equal(conversation().title(store.directory), "Harbour");
});

test("how far others have it and have read it is told in receipts", async () => {
  const { lab, store } = chat();
  const direct = "dm:u1~u2";
  await lab.admits({ channels: [{ channel: "group/" + direct, epoch: "d", seq: 0, read: 0 }, { channel: LOBBY, epoch: "k3", seq: 0 }] });
  const own = message(1, { channel: "group/" + direct, epoch: "d", from: { user: "u1", name: "Ada" } });
  await lab.socket.gives(own);
  const conversation = store.conversation(direct);
  const [entry] = conversation.timeline.entries;
  await lab.socket.gives({ type: "receipt", channel: "group/" + direct, user: "u2", seq: 0, delivered: 1 });
  equal([conversation.wasDelivered(entry), conversation.readers(entry)], [true, 0]);
  await lab.socket.gives({ type: "receipt", channel: "group/" + direct, user: "u2", seq: 1, delivered: 1 });
  equal(conversation.readers(entry), 1);
});

test("who does not belong to the lobby is brought there", async () => {
  const { lab, lobbyAsked } = chat();
  await lab.admits({ channels: [] });
  equal(lobbyAsked(), 1);
});

test("what is new is counted and announced, one's own is not", async () => {
  const { lab, store, conversation, answers } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 0, read: 0 }] });
  await answers([]);
  await lab.socket.gives(message(1, { from: { user: "u1", name: "Ada" } }));
  equal([conversation().unread, store.announcement], [0, ""]);
  await lab.socket.gives(message(2));
  equal([conversation().unread, store.announcement], [1, "Bo, in lobby: text 2"]);
});

test("what was read on another device is read here", async () => {
  const { lab, conversation } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 0, read: 0 }] });
  await lab.socket.gives(message(1));
  await lab.socket.gives(message(2));
  await lab.socket.gives(message(3));
  await lab.socket.gives({ type: "receipt", channel: LOBBY, user: "u1", seq: 2, unread: 1, mentions: 0 });
  equal([conversation().unread, conversation().readSeq], [1, 2]);
});

test("a history that failed is asked for again after the reconnect", async () => {
  const { lab, history, conversation, answers } = chat();
  await lab.admits();
  history.open(conversation());
  await lab.socket.closes(1006);
  equal(conversation().loaded, "failed");
  await lab.clock.pass(500);
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 41, recovered: true }] });
  history.open(conversation());
  await answers([message(41)]);
  equal(conversation().loaded, "yes");
});

test("joins and leaves tell who belongs, whatever the order in which pages come", async () => {
  const { lab, store, history, conversation, answers } = chat();
  const change = (/** @type {number} */ seq, /** @type {string} */ user, /** @type {string} */ state) =>
    message(seq, { from: { service: "parley" }, event: "membership", data: { user, name: `Name of ${user}`, state, role: "member" } });
  await lab.admits();
  history.open(conversation());
  await lab.socket.gives(change(42, "u3", "removed"));
  await answers([change(40, "u3", "added"), change(41, "u4", "added")]);
  equal(conversation().members, ["u4"]);
  equal([store.directory.name("u3"), store.directory.name("u4")], ["Name of u3", "Name of u4"]);
  equal(conversation().unread, 0);
});

test("presence comes and goes, and somebody who left no longer types", async () => {
  const { lab, conversation, answers } = chat();
  await lab.admits();
  await answers([]);
  await lab.socket.gives({ type: "presence", group: GROUP, user: "u2", name: "Bo", state: "joined" });
  await lab.socket.gives({ type: "typing", to: { group: GROUP }, user: "u2", name: "Bo", active: true });
  equal([conversation().onlineCount, conversation().typing.size], [1, 1]);
  await lab.socket.gives({ type: "presence", group: GROUP, user: "u2", name: "Bo", state: "left" });
  equal([conversation().onlineCount, conversation().typing.size], [0, 0]);
  await lab.socket.gives({ type: "presence", group: GROUP, count: 700 });
  equal(conversation().onlineCount, 700);
});

const TEAM = { channel: "group/chat:team", epoch: "t", seq: 0 };

/** A reconnect after which the hub no longer knows of the memberships. @param {ReturnType<typeof chat>["lab"]} lab */
async function backWithoutMemberships(lab) {
  await lab.socket.closes(1006);
  await lab.clock.pass(500);
  await lab.admits({ channels: [{ ...TEAM, error: "not_joined" }, { channel: LOBBY, error: "not_joined" }] });
}

test("a group one was removed from while away is gone after the reconnect", async () => {
  const { lab, store, lobbyAsked } = chat();
  await lab.admits({ channels: [TEAM, { channel: LOBBY, epoch: "k3", seq: 0 }] });
  await backWithoutMemberships(lab);
  equal([...store.conversations.keys()], [GROUP]);
  equal(lobbyAsked(), 1);
});

test("what somebody wrote is not lost with the group it was for", async () => {
  const { lab, store } = chat();
  await lab.admits({ channels: [TEAM] });
  const written = { messageId: "x", text: "mine", author: ME, time: 1 };
  store.conversation("chat:team").timeline.addPending(written);
  await backWithoutMemberships(lab);
  equal(store.conversation("chat:team").timeline.pending.map(({ text }) => text), ["mine"]);
});

test("a group one is added to by others appears, and its past is no news", async () => {
  const { lab, store } = chat();
  await lab.admits();
  const group = "chat:team";
  await lab.socket.gives({ type: "membership", group, state: "added", role: "member", epoch: "t", seq: 7 });
  ok(lab.socket.ofType("conversations").some((asked) => asked.group === group), "to ask what it is");
  const team = store.conversation(group);
  equal(team.readSeq, 7);
  await lab.socket.gives(message(8, { channel: "group/chat:team", epoch: "t", to: { group } }));
  equal(team.unread, 1);
  await lab.socket.gives({ type: "membership", group, state: "removed", epoch: "t", seq: 9 });
  equal(store.conversations.has(group), false);
});

test("a log begun anew is told of once, and counting begins anew", async () => {
  const { lab, conversation, tells } = chat();
  await lab.admits({ channels: [{ channel: LOBBY, epoch: "k3", seq: 41, read: 41 }] });
  await tells({ read: 41, last: [message(41)] });
  await lab.socket.gives({ type: "gap", channel: LOBBY, epoch: "m8", from: 1, to: 0, reason: "epoch" });
  await lab.socket.gives(message(1, { epoch: "m8" }));
  equal(conversation().timeline.entries.map(({ kind }) => kind), ["message", "gap", "message"]);
  equal(conversation().unread, 1);
});

test("a broadcast is shown, though not one that was missed", async () => {
  const { lab, store } = chat();
  await lab.admits({ channels: [{ channel: "all", epoch: "a", seq: 4 }] });
  await lab.socket.closes(1006);
  await lab.clock.pass(500);
  await lab.admits({ channels: [{ channel: "all", epoch: "a", seq: 5, recovered: true }] });
  const broadcast = { channel: "all", epoch: "a", from: { service: "ops" }, data: { text: "Hello all" } };
  await lab.socket.gives(message(5, broadcast));
  await settle();
  equal(store.toasts.length, 0);
  await lab.socket.gives(message(6, broadcast));
  equal(store.toasts.map(({ title, text }) => [title, text]), [["ops to everyone", "Hello all"]]);
});
