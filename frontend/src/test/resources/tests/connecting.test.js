// @ts-check
import { equal, ok, rejects, test } from "/tests/harness.js";
import { FakeStorage, laboratory, settle } from "/tests/fakes.js";

test("says hello with the token and is connected once welcomed", async () => {
  const lab = laboratory({ getToken: async () => "jwt", client: { name: "test", version: "2" } });
  const connected = lab.parley.connect();
  equal(lab.parley.state, "connecting");
  const socket = await lab.admits();
  equal((await connected).user.name, "Ada");
  equal(socket.sent[0].type, "hello");
  equal(socket.sent[0].token, "jwt");
  equal(socket.sent[0].client, { name: "test", version: "2" });
  equal(lab.told("state").map((change) => change.state), ["connecting", "connected"]);
});

test("a guest comes back with the token that its first welcome gave", async () => {
  const storage = new FakeStorage();
  const first = laboratory({ storage });
  first.parley.connect();
  await first.admits({ token: "guest-token" });
  const second = laboratory({ storage });
  second.parley.connect();
  const socket = await second.admits();
  equal(socket.sent[0].token, "guest-token");
});

test("asks once more for a token after a refused one, then gives up", async () => {
  /** @type {string[]} */
  const reasons = [];
  const lab = laboratory({
    getToken: (/** @type {string} */ reason) => {
      reasons.push(reason);
      return "bad";
    },
  });
  const connected = lab.parley.connect();
  await settle();
  await lab.socket.gives({ type: "error", id: "hello", code: "token_expired", retryable: false });
  await lab.socket.closes(4100);
  await lab.clock.pass(500);
  equal(lab.sockets.length, 2);
  await lab.socket.gives({ type: "error", id: "hello", code: "token_expired", retryable: false });
  await lab.socket.closes(4100);
  await rejects(connected, "token_expired");
  await lab.clock.pass(60_000);
  equal(lab.sockets.length, 2);
  equal(reasons, ["connect", "rejected"]);
  equal(lab.parley.state, "disconnected");
});

test("a token about to expire is refreshed in band", async () => {
  let count = 0;
  const lab = laboratory({ getToken: () => `t${++count}` });
  lab.parley.connect();
  const socket = await lab.admits();
  await socket.gives({ type: "expiring", in: 60_000 });
  equal(socket.ofType("refresh")[0].token, "t2");
});

test("disconnect ends everything and an answer to an older socket does nothing", async () => {
  const lab = laboratory();
  lab.parley.connect();
  const socket = await lab.admits();
  const sent = lab.parley.send({ group: "chat:lobby" }, { text: "hi" });
  lab.parley.disconnect();
  await rejects(sent, "disconnected");
  ok(socket.closed, "the socket to be closed");
  await socket.gives({ type: "typing", to: { group: "chat:lobby" }, user: "u2", name: "Bo", active: true });
  await socket.closes(1006);
  await lab.clock.pass(60_000);
  equal(lab.told("typing"), []);
  equal(lab.sockets.length, 1);
  equal(lab.parley.state, "disconnected");
});

test("disconnecting while the token is fetched opens no socket", async () => {
  /** @type {(token: string) => void} */
  let give = () => {};
  const lab = laboratory({ getToken: () => new Promise((resolve) => (give = resolve)) });
  const connected = lab.parley.connect();
  lab.parley.disconnect();
  give("late");
  await rejects(connected, "disconnected");
  await lab.clock.pass(60_000);
  equal(lab.sockets.length, 0);
});
