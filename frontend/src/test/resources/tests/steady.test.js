// @ts-check
import { Steady } from "/admin/steady.js";
import { equal, test } from "/tests/harness.js";

/** @param {string} text one letter and a digit for each item */
const items = (text) => text.split(" ").map(([id, value]) => ({ id, value }));
/** @param {Steady<any>} list */
const shown = (list) => list.items.map(({ id, value }) => id + value).join(" ");

test("a list that nobody points at is as it was told last", () => {
  const list = new Steady(({ id }) => id);
  list.take(items("a1 b1"), false);
  list.take(items("c1 a2"), false);
  equal([shown(list), list.waiting], ["c1 a2", 0]);
});

test("one that is pointed at keeps its order, tells anew of those in it, and counts those that are not", () => {
  const list = new Steady(({ id }) => id);
  list.take(items("a1 b1"), false);
  list.take(items("c1 d1 b2 a2"), true);
  equal([shown(list), list.waiting], ["a2 b2", 2]);
  list.take(items("e1 c1 d1 b3"), true);
  equal([shown(list), list.waiting], ["a2 b3", 3]);
  list.release();
  equal([shown(list), list.waiting], ["e1 c1 d1 b3", 0]);
});
