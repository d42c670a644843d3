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
  equal(shown(window, entries(0, 101)), ["k40", "k100", 61]);
});

test("trims what is above in steps, not with each that comes in below", () => {
  const window = new ListWindow();
  window.slice(entries(0, 100));
  equal(shown(window, entries(0, 159)), ["k40", "k158", 119]);
  equal(shown(window, entries(0, 160)), ["k100", "k159", 60]);
  equal(shown(window, entries(0, 161)), ["k100", "k160", 61]);
});

test("shows the newest where the first shown is gone", () => {
  const window = new ListWindow();
  window.slice(entries(0, 100));
  equal(shown(window, entries(50, 130)), ["k70", "k129", 60]);
});

test("grows upwards to its most, then trims below", () => {
  const window = new ListWindow();
  const all = entries(0, 500);
  for (let turn = 0; turn < 6; turn++) {
    ok(window.growUp(all), "room above");
    ok(window.slice(all).length <= 300, "at most 300");
  }
  equal(shown(window, all), ["k80", "k319", 240]);
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
  equal(shown(window, entries(0, 501)), ["k260", "k500", 241]);
});

test("an older page that comes in above is shown without losing the end", () => {
  const window = new ListWindow();
  const page = entries(50, 100);
  window.slice(page);
  equal(window.growUp(page), false);
  equal(shown(window, entries(0, 100)), ["k0", "k99", 100]);
});

test("keeps the first shown while an older page comes in above", () => {
  const window = new ListWindow();
  window.slice(entries(100, 200));
  equal(shown(window, entries(100, 220)), ["k140", "k219", 80]);
  equal(shown(window, entries(0, 220)), ["k140", "k219", 80]);
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
