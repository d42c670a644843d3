// @ts-check
import { equal, ok, rejects, test } from "/tests/harness.js";
import { LOBBY, laboratory } from "/tests/fakes.js";

const TO = { group: "chat:lobby" };

/** @param {any} request @param {any} fields */
const ack = (request, fields = {}) => ({ type: "ack", id: request.id, ...fields });

test("a send resolves on its ack with what the ack carries", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  const sent = lab.parley.send(TO, { text: "hi" }, { event: "note", echo: false, messageId: "mine" });
  const frame = socket.ofType("send")[0];
  equal([frame.to, frame.data, frame.event, frame.echo, frame.messageId], [TO, { text: "hi" }, "note", false, "mine"]);
  await socket.gives(ack(frame, { seq: 42, epoch: "k3", duplicate: false }));
  equal((await sent).seq, 42);
});

test("each send gets an id of its own that sorts by time", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  lab.parley.send(TO, 1);
  await lab.clock.pass(5);
  lab.parley.send(TO, 2, { messageId: undefined });
  const [first, second] = socket.ofType("send").map((frame) => frame.messageId);
  ok(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(first), `a UUIDv7, not ${first}`);
  ok(first < second, "the later id to be the greater");
});

test("an error rejects its request with code and pause", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  const sent = lab.parley.send(TO, {});
  const { id } = socket.ofType("send")[0];
  await socket.gives({ type: "error", id, code: "rate_limited", detail: "slower", retryable: true, retryAfter: 900 });
  const error = await sent.catch((caught) => caught);
  equal([error.code, error.message, error.retryable, error.retryAfter], ["rate_limited", "slower", true, 900]);
});

test("an error without a request is told", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives({ type: "error", code: "bad_frame", detail: "what?" });
  equal(lab.told("error")[0].code, "bad_frame");
});

test("a request without an answer times out, and its late ack does no harm", async () => {
  const lab = laboratory({ timeout: 3_000 });
  lab.parley.connect();
  const socket = await lab.admits();
  const page = lab.parley.history(LOBBY, { before: 10, limit: 5 });
  const frame = socket.ofType("history")[0];
  equal([frame.channel, frame.before, frame.limit], [LOBBY, 10, 5]);
  await lab.clock.pass(3_000);
  await rejects(page, "timeout");
  await socket.gives(ack(frame, { messages: [], more: false }));
  equal(lab.parley.state, "connected");
});

test("no more are unanswered than the welcome allows, and order is kept", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits({ limits: { inFlight: 2, message: 65_536 } });
  [1, 2, 3, 4].forEach((number) => lab.parley.send(TO, number));
  const numbers = () => socket.ofType("send").map((frame) => frame.data);
  equal(numbers(), [1, 2]);
  await socket.gives(ack(socket.ofType("send")[0]));
  equal(numbers(), [1, 2, 3]);
  await socket.gives(ack(socket.ofType("send")[1]), ack(socket.ofType("send")[2]));
  equal(numbers(), [1, 2, 3, 4]);
});

test("sends and reads wait while offline, nothing else does", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const sent = lab.parley.send(TO, "waits");
  lab.parley.read(LOBBY, 40);
  lab.parley.read(LOBBY, 41);
  lab.parley.typing(TO);
  await rejects(lab.parley.join("chat:team"), "disconnected");
  await rejects(lab.parley.send(TO, "now or never", { volatile: true }), "disconnected");
  const socket = await lab.admits();
  equal(socket.ofType("send").map((frame) => frame.data), ["waits"]);
  equal(socket.ofType("read").map((frame) => frame.seq), [41]);
  equal(socket.ofType("typing"), []);
  await socket.gives(ack(socket.ofType("send")[0], { seq: 1 }));
  equal((await sent).seq, 1);
});

test("a full queue rejects", async () => {
  const lab = laboratory({ maxQueue: 2 });
  lab.parley.connect();
  lab.parley.send(TO, 1);
  lab.parley.send(TO, 2);
  await rejects(lab.parley.send(TO, 3), "queue_full");
});

test("what was unanswered when the socket was lost is sent again first, with its messageId", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const first = await lab.admits({ limits: { inFlight: 2, message: 65_536 } });
  [1, 2, 3].forEach((number) => lab.parley.send(TO, number));
  const page = lab.parley.history(LOBBY);
  await first.closes(1006);
  await rejects(page, "disconnected");
  lab.parley.send(TO, 4);
  await lab.clock.pass(500);
  const second = await lab.admits();
  equal(second.ofType("send").map((frame) => frame.data), [1, 2, 3, 4]);
  equal(second.ofType("send")[0].messageId, first.ofType("send")[0].messageId);
});

test("a message over the limit does not leave", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits({ limits: { inFlight: 2, message: 300 } });
  await rejects(lab.parley.send(TO, "é".repeat(150)), "too_large");
  equal(socket.ofType("send"), []);
});

test("a frame that was too large for the hub is not sent again", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const sent = lab.parley.send(TO, "x".repeat(300_000));
  const socket = await lab.admits();
  await socket.closes(1009);
  await rejects(sent, "too_large");
  await lab.clock.pass(500);
  equal((await lab.admits()).ofType("send"), []);
});

test("who hears of the connection can ask at once", async () => {
  const lab = laboratory();
  /** @type {Promise<any> | undefined} */
  let joined;
  lab.parley.on("state", ({ state }) => {
    joined = state === "connected" ? lab.parley.join("chat:team") : undefined;
  });
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives(ack(socket.ofType("join")[0], { group: "chat:team", epoch: "e", seq: 0 }));
  equal((await joined).group, "chat:team");
});

test("members are asked for page by page", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  const page = lab.parley.members("chat:lobby", { cursor: "bi51MQ", limit: 2 });
  const frame = socket.ofType("members")[0];
  equal([frame.group, frame.cursor, frame.limit], ["chat:lobby", "bi51MQ", 2]);
  await socket.gives(ack(frame, { members: [{ user: "u2", role: "owner", since: 5 }], count: 2 }));
  equal((await page).members[0].user, "u2");
});

test("what a chat asks for goes out as the protocol has it", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  const answers = [
    lab.parley.conversations({ after: "chat:a" }),
    lab.parley.describe("chat:team", { title: "The team" }),
    lab.parley.receipts("chat:team"),
    lab.parley.search("group/chat:team", "tea", { before: 7 }),
    lab.parley.settings("chat:team", { muted: true }),
  ];
  const frames = ["conversations", "group", "receipts", "search", "settings"].map((type) => socket.ofType(type)[0]);
  equal(
    frames.map(({ id, ...frame }) => frame),
    [
      { type: "conversations", after: "chat:a" },
      { type: "group", group: "chat:team", title: "The team" },
      { type: "receipts", group: "chat:team" },
      { type: "search", channel: "group/chat:team", text: "tea", before: 7 },
      { type: "settings", group: "chat:team", value: { muted: true } },
    ],
  );
  await socket.gives(ack(frames[0], { conversations: [], more: false }));
  await socket.gives(ack(frames[1]));
  await socket.gives(ack(frames[2], { receipts: [{ user: "bob", read: 4 }] }));
  await socket.gives(ack(frames[3], { messages: [], more: true, before: 3 }));
  await socket.gives(ack(frames[4]));
  const [page, described, receipts, found] = /** @type {any[]} */ (await Promise.all(answers));
  equal([page.more, described, receipts, found.before], [false, undefined, [{ user: "bob", read: 4 }], 3]);
});

test("a read resolves with what is left, and mentions go out with a message", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  const read = lab.parley.read("group/chat:team", 7);
  lab.parley.send(TO, {}, { mentions: ["bob"] });
  await socket.gives(ack(socket.ofType("read")[0], { unread: 2, mentions: 1 }));
  equal(/** @type {any} */ (await read).unread, 2);
  equal(socket.ofType("send")[0].mentions, ["bob"]);
});

test("settings of another device are told", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  /** @type {any[]} */
  const told = [];
  lab.parley.on("settings", (settings) => told.push(settings.value));
  await socket.gives({ type: "settings", group: "chat:team", value: { muted: true } });
  equal(told, [{ muted: true }]);
});
