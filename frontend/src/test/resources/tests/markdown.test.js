// @ts-check
import { render } from "lit";
import { markdown, safeLink } from "/chat/ui/markdown.js";
import { equal, ok, test } from "/tests/harness.js";

/** @param {string} text */
function rendered(text) {
  const element = document.createElement("div");
  render(/** @type {any} */ (markdown(text)), element);
  return element;
}

/** The markup without Lit's markers. @param {string} text */
const markup = (text) => rendered(text).innerHTML.replace(/<!--.*?-->/g, "").replace(/\s+/g, " ").trim();

test("the subset becomes elements", () => {
  equal(markup("**a** _b_ ~~c~~ `d < e`"), "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d &lt; e</code></p>");
  equal(markup("one\ntwo"), "<p>one<br>two</p>");
  equal(markup("> q"), "<blockquote><p>q</p></blockquote>");
  equal(markup("- a\n- b"), "<ul><li>a</li><li>b</li></ul>");
  equal(rendered("```js\nlet a = 1 < 2;\n```").querySelector("pre code")?.textContent, "let a = 1 < 2;");
  equal(rendered("3. three").querySelector("ol")?.getAttribute("start"), "3");
});

test("links open apart and only with allowed schemes", () => {
  const link = rendered("see https://example.org/a?b=c").querySelector("a");
  equal([link?.getAttribute("href"), link?.target, link?.rel], ["https://example.org/a?b=c", "_blank", "noopener noreferrer nofollow"]);
  equal(rendered("mail ada@example.org").querySelector("a")?.getAttribute("href"), "mailto:ada@example.org");
  for (const bad of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "/relative", "//evil", "file:///etc/passwd"]) {
    equal(safeLink(bad), null, bad);
    equal(rendered(`[x](<${bad}>)`).querySelector("a"), null, bad);
  }
});

test("what looks like markup stays text", () => {
  const hostile = [
    "<script>window.hacked = 1</script>",
    '<img src="x" onerror="window.hacked = 1">',
    "a <b onclick=alert(1)>b</b> <svg/onload=alert(1)>",
    "![x](javascript:alert(1))",
    '[x](https://e.org "\\" onmouseover=alert(1)")',
    "<!-- c --><iframe src=javascript:alert(1)>",
  ];
  for (const text of hostile) {
    const element = rendered(text);
    document.body.append(element);
    equal(element.querySelectorAll("script, img, svg, iframe, b, [onclick], [onerror], [onmouseover], [onload]").length, 0, text);
    element.remove();
  }
  equal(/** @type {any} */ (window).hacked, undefined);
  ok(rendered(hostile[0]).textContent?.includes("<script>"), "the tag to be read as text");
});

test("deep nesting and odd input are survived", () => {
  ok(rendered("> ".repeat(50) + "x").textContent?.includes("x"), "the text");
  for (const text of ["", " ", "```", "**", "[", "| a |\n|--|\n| b |", "\u0000", "&amp; &lt;"]) {
    rendered(text);
  }
  equal(rendered("&lt;b&gt; &amp;").textContent?.trim(), "&lt;b&gt; &amp;");
});

test("no text of 64 KiB holds a reader up or is lost", () => {
  const hostile = {
    quotes: "> ".repeat(30_000) + "x",
    brackets: "[".repeat(60_000),
    strong: "**a *b ".repeat(8_500),
    emphasis: "_a ".repeat(20_000),
    strikes: "~~a ".repeat(15_000),
    spaces: "a " + " ".repeat(60_000) + "b",
    paragraphs: ("_a ".repeat(600) + "\n\n").repeat(33),
    lists: "- ".repeat(30_000) + "a",
    stars: "*".repeat(30_000) + "a" + "*".repeat(30_000),
  };
  for (const [name, text] of Object.entries(hostile)) {
    const began = performance.now();
    const element = rendered(text);
    const took = performance.now() - began;
    ok(took < 1_000, `${name} in reasonable time, not ${Math.round(took)} ms`);
    ok((element.textContent || "").trim().length > 0, `${name} to show something`);
  }
});
