// @ts-check
/** A row of marks and nothing else: under a table's head, or across the page. */
const RULE = /^[\s|:-]*--[\s|:-]*$/;

/**
 * A text without the marks of Markdown, in one line: for a preview, a notification, a screen reader. Give it no more than is
 * shown, as it takes its time over a long one.
 * @param {string} text
 */
export function plainText(text) {
  const lines = text.replace(/```\w*\n?/g, "").split("\n");
  const plain = lines
    .filter((line) => !RULE.test(line))
    .map((line) => unmarked(/^[ \t]*\|/.test(line) ? cells(line) : line))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
  return plain || text.trim(); // Of marks alone, they are what was said.
}

/** @param {string} line */
function unmarked(line) {
  return line
    .replace(/^(?:[ \t]*(?:#{1,6}|[>*+-]|\d{1,9}[.)])(?:[ \t]+|$))+/, "")
    .replace(/^\[[ x]\] /i, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|`)/g, "")
    .replace(/(^|[\s("'])([*_])(\S|\S.*?\S)\2(?=$|[\s)"'.,:;!?])/g, "$1$3");
}

/** What stands in a row of a table. @param {string} line */
function cells(line) {
  return line.split("|").map((cell) => cell.trim()).filter(Boolean).join(" · ");
}
