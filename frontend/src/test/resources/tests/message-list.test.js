// @ts-check
import "/chat/ui/message-list.js";
import { Store } from "/chat/model/store.js";
import { equal, ok, test } from "/tests/harness.js";
import { message } from "/tests/fakes.js";

/** Two frames: one to lay out and tell of scrolling, one for what was made of it. */
async function frames() {
  for (let turn = 0; turn < 2; turn++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

async function styles() {
  if (!document.querySelector("link[rel=stylesheet]")) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/chat/styles/chat.css" });
    const loaded = new Promise((resolve) => (link.onload = resolve));
    document.head.append(link);
    await loaded;
  }
}

/** A list 400 px high of the messages from one seq to another. @param {number} from @param {number} to */
async function list(from, to) {
  await styles();
  const store = new Store({ id: "u1", name: "Ada" });
  const conversation = store.conversation("chat:lobby");
  conversation.loaded = "yes";
  conversation.timeline.more = false;
  store.selected = "chat:lobby";
  store.link = { state: "connected", since: 0, welcomed: true };
  /** @param {number} first @param {number} last */
  const add = (first, last) => {
    for (let seq = first; seq <= last; seq++) {
      conversation.timeline.add(message(seq, { time: 1_760_000_000_000 + seq * 1_000 }));
    }
    store.changed();
  };
  add(from, to);
  /** @type {any[]} */
  const asked = [];
  const hub = { markRead: () => {}, loadOlder: () => asked.push("older"), retry: () => {}, discard: () => {}, reload: () => {} };
  const element = Object.assign(/** @type {any} */ (document.createElement("parley-message-list")), { store, hub });
  const frame = document.createElement("div");
  frame.className = "conversation";
  frame.style.height = "400px";
  frame.append(element);
  document.body.append(frame);
  await frames();
  const scroller = /** @type {HTMLElement} */ (element.querySelector(".scroller"));
  return {
    conversation,
    store,
    asked,
    add,
    scroller,
    frame,
    below: () => Math.round(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight),
    rows: () => /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".row.message")]),
    waiting: () => element.querySelector(".to-latest.shown")?.textContent.trim(),
    close: () => frame.remove(),
  };
}

/** Where a row is on the screen. @param {Awaited<ReturnType<typeof list>>} opened @param {string} key */
const topOf = ({ rows }, key) => rows().find((row) => row.dataset.key === key)?.getBoundingClientRect().top ?? NaN;

test("opens at the end and follows what comes", async () => {
  const opened = await list(1, 100);
  equal(opened.below(), 0);
  opened.add(101, 103);
  await frames();
  equal([opened.below(), opened.rows().at(-1)?.dataset.key], [0, "0:103"]);
  opened.close();
});

test("holds the end when what is around it grows", async () => {
  const opened = await list(1, 100);
  opened.frame.style.height = "250px";
  await frames();
  equal([opened.below(), opened.waiting()], [0, undefined]);
  opened.close();
});

test("stays with the reader who scrolled up, and counts what comes", async () => {
  const opened = await list(1, 100);
  opened.scroller.scrollTop -= 900;
  await frames();
  const place = opened.scroller.scrollTop;
  opened.add(101, 104);
  await frames();
  equal([opened.scroller.scrollTop, opened.waiting()], [place, "4"]);
  /** @type {HTMLElement} */ (opened.frame.querySelector(".to-latest")).click();
  await frames();
  equal([opened.below(), opened.waiting()], [0, undefined]);
  opened.close();
});

test("news in the moment of scrolling up do not pull the reader down", async () => {
  const opened = await list(1, 100);
  opened.scroller.scrollTop -= 900; // Its event comes with the next frame, the message before that.
  const top = topOf(opened, "0:70");
  opened.add(101, 101);
  await frames();
  equal(opened.waiting(), "1");
  ok(Math.abs(topOf(opened, "0:70") - top) < 1, "the row to stay where it was");
  opened.close();
});

test("one's own message brings the end back into sight", async () => {
  const opened = await list(1, 100);
  opened.scroller.scrollTop -= 900;
  await frames();
  opened.conversation.timeline.addPending({ messageId: "x", text: "mine", author: { id: "u1", name: "Ada" }, time: 1 });
  opened.store.changed();
  await frames();
  equal([opened.below(), opened.rows().at(-1)?.classList.contains("pending")], [0, true]);
  opened.close();
});

test("an older page asked for near the top comes in without moving what is read", async () => {
  const opened = await list(51, 100);
  opened.conversation.timeline.more = true;
  opened.scroller.scrollTop = 20;
  await frames();
  ok(opened.asked.length > 0, "an older page to be asked for");
  const key = opened.rows()[3].dataset.key || "";
  const top = topOf(opened, key);
  opened.add(1, 50);
  await frames();
  ok(opened.rows().length > 50, "older rows");
  ok(Math.abs(topOf(opened, key) - top) < 1, "the row to stay where it was");
  opened.close();
});

test("never holds more than 300 messages, all the way up and back down", async () => {
  const opened = await list(1, 600);
  let most = 0;
  const until = async (/** @type {number} */ direction, /** @type {string} */ key) => {
    for (let turn = 0; turn < 200 && !Number.isFinite(topOf(opened, key)); turn++) {
      opened.scroller.scrollTop += direction * 2_000;
      await frames();
      most = Math.max(most, opened.rows().length);
    }
    ok(Number.isFinite(topOf(opened, key)), `${key} to be reached`);
  };
  await until(-1, "0:1");
  await until(1, "0:600");
  ok(most <= 300 && most > 100, `at most 300 rows, not ${most}`);
  opened.close();
});
