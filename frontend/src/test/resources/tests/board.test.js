// @ts-check
import { Board, changeOf, pointsOf } from "/live/board.js";
import { equal, test } from "/tests/harness.js";

/** @param {any} data @param {string} event @returns {any} */
const pushed = (data, event = "figure") => ({ event, data, time: 1 });

test("figures are kept by name, with their last values", () => {
  const board = new Board();
  for (let value = 0; value < 70; value++) {
    board.take(pushed({ name: "GLOBEX", value }));
  }
  board.take(pushed({ name: "ACME", value: 12.3, unit: "€" }));
  equal(board.figures.map(({ name, values }) => [name, values.length, values[0]]), [["ACME", 1, 12.3], ["GLOBEX", 60, 10]]);
  equal(board.received, 71);
});

test("what is no figure is left alone", () => {
  const board = new Board();
  const odd = [null, "x", {}, { name: "A" }, { name: "", value: 1 }, { name: 1, value: 1 }, { name: "A", value: "1" }];
  equal(odd.map((data) => board.take(pushed(data))), odd.map(() => false));
  equal(board.take(pushed({ name: "A", value: 1 }, "message")), false);
  equal(board.figures, []);
});

test("a line fits its box, a flat one lies in the middle", () => {
  equal(pointsOf([1, 3, 2], 100, 10), [[0, 10], [50, 0], [100, 5]]);
  equal(pointsOf([4, 4], 100, 10), [[0, 5], [100, 5]]);
  equal([pointsOf([1, 2], 100, 10, 0), pointsOf([0, 0], 100, 10, 0)], [[[0, 5], [100, 0]], [[0, 10], [100, 10]]]);
});

test("the change is told from the first value kept", () => {
  equal([changeOf([10, 12]), changeOf([-10, -5]), changeOf([0, 5]), changeOf([3])], [20, 50, null, null]);
});
