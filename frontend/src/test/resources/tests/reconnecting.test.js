// @ts-check
import { equal, ok, rejects, test } from "/tests/harness.js";
import { laboratory } from "/tests/fakes.js";

/** The pause before the next try, as told with the state. @param {ReturnType<typeof laboratory>} lab */
function pause(lab) {
  const change = lab.told("state").at(-1);
  equal(change.state, "connecting");
  return change.retryAt - lab.clock.now();
}

test("waits a random part of a ceiling that doubles up to its maximum", async () => {
  const lab = laboratory({ random: () => 1 });
  lab.parley.connect();
  const pauses = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    await lab.clock.pass(0);
    await lab.socket.closes(1006);
    pauses.push(pause(lab));
    await lab.clock.pass(pause(lab));
  }
  equal(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
});

test("the pause is spread down to nothing", async () => {
  const lab = laboratory({ random: () => 0.001 });
  lab.parley.connect();
  await lab.clock.pass(0);
  await lab.socket.closes(1006);
  ok(pause(lab) < 1, "hardly a pause");
});

test("begins with short pauses again after a welcome", async () => {
  const lab = laboratory({ random: () => 1 });
  lab.parley.connect();
  for (let attempt = 0; attempt < 5; attempt++) {
    await lab.clock.pass(0);
    await lab.socket.closes(1006);
    await lab.clock.pass(pause(lab));
  }
  await lab.admits();
  await lab.socket.closes(1012);
  equal(pause(lab), 500);
});

test("comes back when a draining server said", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives({ type: "draining", reconnectAfter: 7_300 });
  await socket.closes(1012);
  equal(pause(lab), 7_300);
});

test("comes back when an overloaded server said", async () => {
  const lab = laboratory();
  lab.parley.connect();
  await lab.clock.pass(0);
  await lab.socket.gives({ type: "error", id: "hello", code: "unavailable", retryable: true, retryAfter: 3_000 });
  await lab.socket.closes(1013);
  equal(pause(lab), 3_000);
});

test("comes back at once after no sign of life", async () => {
  const lab = laboratory({ random: () => 1 });
  lab.parley.connect();
  await lab.admits();
  await lab.socket.closes(4000);
  equal(pause(lab), 0);
});

test("comes back late after a breach of policy", async () => {
  const lab = laboratory({ random: () => 0 });
  lab.parley.connect();
  await lab.admits();
  await lab.socket.closes(1008);
  equal(pause(lab), 10_000);
});

for (const code of [4200, 4201, 4202]) {
  test(`stays away after ${code}`, async () => {
    const lab = laboratory();
    lab.parley.connect();
    await lab.admits();
    const sent = lab.parley.send({ group: "chat:lobby" }, {});
    await lab.socket.closes(code);
    await rejects(sent, "closed");
    equal(lab.told("state").at(-1).code, code);
    await lab.clock.pass(100_000);
    equal(lab.sockets.length, 1);
  });
}

test("a socket that never opens is given up after the timeout", async () => {
  const lab = laboratory({ random: () => 0 });
  lab.parley.connect();
  await lab.clock.pass(9_999);
  equal(lab.sockets.length, 1);
  await lab.clock.pass(2);
  equal(lab.sockets.length, 2);
  ok(lab.sockets[0].closed, "the first socket to be closed");
});

test("coming online cuts the pause short, though not one the server named", async () => {
  const lab = laboratory({ random: () => 1 });
  lab.parley.connect();
  await lab.admits();
  await lab.socket.closes(1006);
  window.dispatchEvent(new Event("online"));
  await lab.clock.pass(0);
  equal(lab.sockets.length, 2);
  const socket = await lab.admits();
  await socket.gives({ type: "draining", reconnectAfter: 5_000 });
  await socket.closes(1012);
  window.dispatchEvent(new Event("online"));
  await lab.clock.pass(0);
  equal(lab.sockets.length, 2);
  lab.parley.disconnect();
});

test("connecting by hand cuts any pause short", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives({ type: "draining", reconnectAfter: 5_000 });
  await socket.closes(1012);
  lab.parley.connect();
  await lab.clock.pass(0);
  equal(lab.sockets.length, 2);
  await lab.admits();
  await lab.clock.pass(5_000);
  equal(lab.sockets.length, 2);
});
