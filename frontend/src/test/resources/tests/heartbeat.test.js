// @ts-check
import { equal, ok, test } from "/tests/harness.js";
import { laboratory, message } from "/tests/fakes.js";

test("a ping is answered with its id", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives({ type: "ping", id: 9 });
  equal(socket.ofType("pong"), [{ type: "pong", id: 9 }]);
});

test("a connection without a frame for interval and timeout is dead", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await lab.clock.pass(34_999);
  equal(lab.parley.state, "connected");
  await lab.clock.pass(1);
  ok(socket.closed, "the socket to be closed");
  equal(lab.sockets.length, 2);
});

test("any frame is a sign of life", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  await lab.clock.pass(30_000);
  await socket.gives(message(42));
  await lab.clock.pass(34_999);
  equal(lab.sockets.length, 1);
  await lab.clock.pass(1);
  equal(lab.sockets.length, 2);
});

test("waking up probes, and a probe without an answer is the end of the connection", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const first = await lab.admits();
  await lab.clock.pass(10);
  window.dispatchEvent(new Event("pageshow"));
  equal(first.ofType("ping").length, 1);
  await first.gives({ type: "pong", id: "probe" });
  await lab.clock.pass(5_000);
  equal(lab.sockets.length, 1);
  document.dispatchEvent(new Event("visibilitychange"));
  equal(first.ofType("ping").length, 2);
  await lab.clock.pass(5_000);
  equal(lab.sockets.length, 2);
  lab.parley.disconnect();
});

test("after disconnect the page's events are no longer heard", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  lab.parley.disconnect();
  window.dispatchEvent(new Event("online"));
  await lab.clock.pass(60_000);
  equal(socket.ofType("ping"), []);
  equal(lab.sockets.length, 1);
});
