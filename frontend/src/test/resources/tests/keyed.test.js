// @ts-check
import { html, render } from "lit";
import { keyed } from "/chat/ui/keyed.js";
import { equal, ok, test } from "/tests/harness.js";

/** A list in a page. */
function list() {
  const root = document.createElement("div");
  document.body.append(root);
  return {
    /** @param {string[]} items */
    shows: (...items) => render(html`<ol>${keyed(items, (item) => item[0], (item) => html`<li>${item}</li>`)}</ol>`, root),
    texts: () => [...root.querySelectorAll("li")].map((item) => item.textContent),
    item: (/** @type {number} */ index) => root.querySelectorAll("li")[index],
    nodes: () => /** @type {Element} */ (root.querySelector("ol")).childNodes.length,
    close: () => root.remove(),
  };
}

test("items keep their elements in whatever order they come, and their contents change", () => {
  const { shows, texts, item, close } = list();
  shows("a", "b", "c");
  const [a, c] = [item(0), item(2)];
  shows("c!", "x", "a", "b");
  equal(texts(), ["c!", "x", "a", "b"]);
  ok(item(0) === c && item(2) === a, "the same elements");
  shows("b");
  equal(texts(), ["b"]);
  shows();
  shows("a");
  equal(texts(), ["a"]);
  close();
});

test("an item that comes to the top leaves the focus where it is", () => {
  const { shows, texts, item, close } = list();
  shows("a", "b", "c", "d");
  item(1).tabIndex = 0;
  item(1).focus();
  shows("d", "a", "b", "c", "e");
  equal([texts(), document.activeElement === item(2)], [["d", "a", "b", "c", "e"], true]);
  shows("e", "c", "b", "a", "d");
  equal(texts(), ["e", "c", "b", "a", "d"]);
  close();
});

test("a list through which items pass does not grow", () => {
  const { shows, nodes, close } = list();
  shows("0", "1", "2");
  const before = nodes();
  for (let first = 1; first < 50; first++) {
    shows(...[first, first + 1, first + 2].map((code) => String.fromCharCode(200 + code)));
  }
  equal(nodes(), before);
  close();
});
