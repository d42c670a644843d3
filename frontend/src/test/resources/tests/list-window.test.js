// @ts-check
import { ListWindow } from "/chat/model/list-window.js";
import { equal, ok, test } from "/tests/harness.js";

/** @param {number} from @param {number} to @returns {any[]} */
const entries = (from, to) => Array.from({ length: to - from }, (_, index) => ({ key: `k${from + index}` }));

/** First and last key, and how many. @param {ListWindow} window @param {any[]} all */
function shown(window, all) {
  const slice = window.slice(all);
  return [slice[0].key, slice[slice.length - 1].key, slice.length];
}

test("shows the newest and follows them", () => {
  const window = new ListWindow();
  equal(shown(window, entries(0, 100)), ["k40", "k99", 60]);
  equal(shown(window, entries(0, 101)), ["k41", "k100", 60]);
});

test("grows upwards to its most, then trims below", () => {
  const window = new ListWindow();
  const all = entries(0, 500);
  for (let turn = 0; turn < 6; turn++) {
    ok(window.growUp(all), "room above");
    ok(window.slice(all).length <= 300, "at most 300");
  }
  equal(shown(window, all), ["k80", "k379", 300]);
  equal(window.reachesEnd, false);
});

test("grows back down to the end and follows it again", () => {
  const window = new ListWindow();
  const all = entries(0, 500);
  for (let turn = 0; turn < 7; turn++) {
    window.growUp(all);
  }
  while (window.growDown(all)) {
    ok(window.slice(all).length <= 300, "at most 300");
  }
  equal(window.reachesEnd, true);
  equal(shown(window, entries(0, 501)), ["k201", "k500", 300]);
});

test("an older page that comes in above is shown without losing the end", () => {
  const window = new ListWindow();
  const page = entries(50, 100);
  window.slice(page);
  equal(window.growUp(page), false);
  equal(shown(window, entries(0, 100)), ["k0", "k99", 100]);
});

test("a frozen end lets nothing in until it is released", () => {
  const window = new ListWindow();
  const all = entries(0, 70);
  window.slice(all);
  window.freeze(entries(0, 75));
  equal(shown(window, entries(0, 75)), ["k10", "k69", 60]);
  window.toLatest();
  equal(shown(window, entries(0, 75)), ["k15", "k74", 60]);
});
