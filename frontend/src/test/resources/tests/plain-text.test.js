// @ts-check
import { plainText } from "/chat/model/plain-text.js";
import { equal, ok, test } from "/tests/harness.js";

test("a preview has no marks", () => {
  equal(plainText("> **Hi** there,\n- see `x` and [this](https://e.org)"), "Hi there, see x and this");
  equal(plainText("## Plan\n\n1. _tea_\n2. *cake*\n* [ ] wash up\n---\n![a cup](https://e.org/cup.png)"), "Plan tea cake wash up a cup");
  equal(plainText("```js\nlet a = b_c_d * 2;\n```"), "let a = b_c_d * 2;");
});

test("a table reads as its cells", () => {
  equal(plainText("Who comes:\n\n| Name | Day |\n|:-----|----:|\n| Ada  | Mon |\n|      | Tue |"), "Who comes: Name · Day Ada · Mon Tue");
  equal(plainText("| Name | Day |\n|:---"), "Name · Day");
});

test("what only looks like a mark stays", () => {
  equal(plainText("2 * 3 - 1 > 4 | wc, snake_case_name, a+b"), "2 * 3 - 1 > 4 | wc, snake_case_name, a+b");
  equal(plainText("---"), "---");
  equal(plainText("#1 and -1"), "#1 and -1");
  equal(plainText(" "), "");
});

test("whatever is written, a preview of it costs no time", () => {
  for (const mark of ["[", "![](", "*", "_a ", "|", "-", "> ", "`", "1. "]) {
    const began = performance.now();
    plainText(mark.repeat(400));
    ok(performance.now() - began < 200, `${mark} in next to no time`);
  }
});
