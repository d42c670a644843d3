// @ts-check
import { equal, test } from "/tests/harness.js";
import { FakeStorage, LOBBY, laboratory, message, welcome } from "/tests/fakes.js";

/** @param {ReturnType<typeof laboratory>} lab */
const seqs = (lab) => lab.told("message").map((entry) => entry.seq);

/** Loses the socket, comes back, and gives what the new hello resumes. @param {ReturnType<typeof laboratory>} lab @param {any} fields */
async function back(lab, fields = {}) {
  await lab.socket.closes(1006);
  await lab.clock.pass(500);
  const socket = await lab.admits(fields);
  return socket.sent[0].resume;
}

test("reads several objects in one frame, empty lines and unknown types too", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  socket.onmessage({ data: `${JSON.stringify(message(42))}\n\n{"type":"future"}\n${JSON.stringify(message(43))}\n` });
  equal(seqs(lab), [42, 43]);
});

test("a line that is no JSON is told and costs no other", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  socket.onmessage({ data: `{"type":\n${JSON.stringify(message(42))}` });
  equal(seqs(lab), [42]);
  equal(lab.told("error")[0].code, "bad_frame");
});

test("what has come already is dropped", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives(message(41), message(42), message(42), message(43), message(42));
  equal(seqs(lab), [42, 43]);
});

test("message, skip and gap move the cursor, an ack does not", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives(message(42), { type: "skip", channel: LOBBY, epoch: "k3", from: 43, to: 44 });
  lab.parley.send({ group: "chat:lobby" }, {});
  const { id } = socket.ofType("send")[0];
  await socket.gives({ type: "ack", id, channel: LOBBY, epoch: "k3", seq: 45, messageId: "m", time: 1, duplicate: false });
  equal(await back(lab), { [LOBBY]: { epoch: "k3", seq: 44 } });
});

test("resumes where it was and is synced when the backlog is in", async () => {
  const lab = laboratory();
  lab.parley.connect();
  await lab.admits();
  equal(lab.told("synced").length, 1);
  const channels = [{ channel: LOBBY, epoch: "k3", seq: 44, recovered: true }];
  equal(await back(lab, { channels }), { [LOBBY]: { epoch: "k3", seq: 41 } });
  await lab.socket.gives(message(42), message(43));
  equal(lab.told("synced").length, 1);
  await lab.socket.gives({ type: "skip", channel: LOBBY, epoch: "k3", from: 44, to: 44 });
  equal(lab.told("synced").length, 2);
  equal(seqs(lab), [42, 43]);
});

test("a log begun anew is a gap, and its entries come from 1", async () => {
  const lab = laboratory();
  lab.parley.connect();
  await lab.admits();
  await back(lab, { channels: [{ channel: LOBBY, epoch: "m8", seq: 2, recovered: false }] });
  await lab.socket.gives({ type: "gap", channel: LOBBY, epoch: "m8", from: 1, to: 0, reason: "epoch" });
  await lab.socket.gives(message(1, { epoch: "m8" }), message(2, { epoch: "m8" }));
  equal(lab.told("gap").map(({ reason }) => reason), ["epoch"]);
  equal(seqs(lab), [1, 2]);
  equal(lab.told("synced").length, 2);
});

test("volatile messages are given out and move nothing", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives(message(42), message(0, { seq: undefined, epoch: undefined, messageId: "v" }));
  equal(lab.told("message").length, 2);
  equal(await back(lab), { [LOBBY]: { epoch: "k3", seq: 42 } });
});

test("a joined group is followed from its ack and joined again by the resume, until left", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits({ channels: [] });
  lab.parley.join("live:board");
  await socket.gives({ type: "ack", id: socket.ofType("join")[0].id, group: "live:board", epoch: "e", seq: 7 });
  equal(await back(lab, { channels: [{ channel: "group/live:board", epoch: "e", seq: 7, recovered: true }] }), {
    "group/live:board": { epoch: "e", seq: 7 },
  });
  lab.parley.leave("live:board");
  await lab.socket.gives({ type: "ack", id: lab.socket.ofType("leave")[0].id });
  equal(await back(lab, { channels: [] }), {});
});

test("a join with the last n stands before them, also when they come in the frame of the ack", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits({ channels: [] });
  lab.parley.join("live:board", { since: { last: 2 } });
  const channel = "group/live:board";
  const ack = { type: "ack", id: socket.ofType("join")[0].id, group: "live:board", epoch: "e", seq: 7 };
  await socket.gives(ack, message(6, { channel, epoch: "e" }));
  equal(await back(lab, { channels: [{ channel, epoch: "e", seq: 7, recovered: true }] }), { [channel]: { epoch: "e", seq: 6 } });
});

test("a channel that is refused is told and no longer resumed", async () => {
  const lab = laboratory();
  lab.parley.connect();
  await lab.admits();
  await back(lab, { channels: [{ channel: LOBBY, error: "forbidden" }] });
  equal(lab.told("error")[0].code, "forbidden");
  equal(await back(lab, { channels: [] }), {});
});

test("a membership given elsewhere is followed from where it began", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits({ channels: [] });
  const frame = { type: "membership", group: "chat:team", state: "added", role: "member", epoch: "t", seq: 3 };
  await socket.gives(frame);
  equal(await back(lab, { channels: [] }), { "group/chat:team": { epoch: "t", seq: 3 } });
  await lab.socket.gives({ ...frame, state: "removed", seq: 5 });
  equal(await back(lab, { channels: [] }), {});
});

test("cursors in storage survive a reload, and bad ones are ignored", async () => {
  const storage = new FakeStorage();
  const first = laboratory({ storage });
  first.parley.connect();
  await first.admits();
  await first.socket.gives(message(42));
  await first.clock.pass(250);
  const second = laboratory({ storage });
  second.parley.connect();
  equal((await second.admits()).sent[0].resume, { [LOBBY]: { epoch: "k3", seq: 42 } });
  storage.setItem("parley.cursors", "{broken");
  const third = laboratory({ storage });
  third.parley.connect();
  equal((await third.admits()).sent[0].resume, {});
});

test("a listener that throws stops neither the others nor the cursor", async () => {
  const lab = laboratory();
  const thrown = new Promise((resolve) => {
    window.addEventListener("error", (event) => (event.preventDefault(), resolve(event.message)), { once: true });
  });
  lab.parley.on("message", () => {
    throw new Error("a listener's own fault");
  });
  /** @type {number[]} */
  const later = [];
  lab.parley.on("message", ({ seq }) => later.push(/** @type {number} */ (seq)));
  lab.parley.connect();
  await lab.admits();
  await lab.socket.gives(message(42));
  equal(later, [42]);
  equal(String(await thrown).includes("a listener's own fault"), true);
  equal(await back(lab, welcome()), { [LOBBY]: { epoch: "k3", seq: 42 } });
});
