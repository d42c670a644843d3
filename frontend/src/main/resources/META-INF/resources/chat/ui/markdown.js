// @ts-check
import { html, nothing } from "lit";
import { Lexer } from "marked";

/**
 * A subset of Markdown as Lit templates. Marked only takes the text apart; nothing here makes HTML out of a string, so
 * what somebody writes can't become markup. Raw HTML is shown as the text it is.
 */

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** Texts that were taken apart, so that a re-rendering costs nothing. @type {Map<string, unknown>} */
const rendered = new Map();
const KEPT = 600;

/** @param {string} text @returns {unknown} something Lit renders */
export function markdown(text) {
  let template = rendered.get(text);
  if (template === undefined) {
    template = blocks(new Lexer({ gfm: true, breaks: true }).lex(text));
    if (rendered.size >= KEPT) {
      rendered.delete(rendered.keys().next().value || "");
    }
    rendered.set(text, template);
  }
  return template;
}

/** The text without its marks, for a line of preview. @param {string} text */
export function plainText(text) {
  return text
    .replace(/```\w*\n?/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(^|\s)(?:[>#-]+|\d+\.)\s+/g, "$1")
    .replace(/(\*\*|__|~~|`)/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** An address that may be followed, or null. @param {string} href */
export function safeLink(href) {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null; // Relative ones too: in a message they have nothing to be relative to.
  }
}

/** @param {any[]} tokens @returns {unknown} */
function blocks(tokens) {
  return tokens.map((token) => block(token));
}

/** @param {any} token @returns {unknown} */
function block(token) {
  switch (token.type) {
    case "space":
    case "def":
      return nothing;
    case "heading":
      return html`<p class="heading">${inlines(token.tokens)}</p>`;
    case "paragraph":
      return html`<p>${inlines(token.tokens)}</p>`;
    case "text":
      return token.tokens ? inlines(token.tokens) : token.text;
    case "code":
      return html`<pre tabindex="0"><code>${token.text}</code></pre>`;
    case "blockquote":
      return html`<blockquote>${blocks(token.tokens)}</blockquote>`;
    case "list":
      return token.ordered
        ? html`<ol start=${token.start || 1}>${token.items.map(item)}</ol>`
        : html`<ul>${token.items.map(item)}</ul>`;
    case "hr":
      return html`<hr />`;
    case "table":
      return table(token);
    default:
      return html`<p>${token.raw.trim()}</p>`; // HTML, and whatever a later Marked may know.
  }
}

/** @param {any} token */
function item(token) {
  const box = token.task ? html`<span class="task">${token.checked ? "☑" : "☐"}</span> ` : nothing;
  const rest = token.tokens.filter((/** @type {any} */ inner) => inner.type !== "checkbox");
  return html`<li>${box}${blocks(rest)}</li>`;
}

/** @param {any} token */
function table(token) {
  const cells = (/** @type {any[]} */ row) => row.map((cell) => html`<td>${inlines(cell.tokens)}</td>`);
  const heads = token.header.map((/** @type {any} */ cell) => html`<th scope="col">${inlines(cell.tokens)}</th>`);
  return html`<div class="table" tabindex="0"><table>
    <thead><tr>${heads}</tr></thead>
    <tbody>${token.rows.map((/** @type {any[]} */ row) => html`<tr>${cells(row)}</tr>`)}</tbody>
  </table></div>`;
}

/** @param {any[]} tokens @returns {unknown} */
function inlines(tokens) {
  return tokens.map((token) => inline(token));
}

/** @param {any} token @returns {unknown} */
function inline(token) {
  switch (token.type) {
    case "strong":
      return html`<strong>${inlines(token.tokens)}</strong>`;
    case "em":
      return html`<em>${inlines(token.tokens)}</em>`;
    case "del":
      return html`<del>${inlines(token.tokens)}</del>`;
    case "codespan":
      return html`<code>${token.text}</code>`;
    case "br":
      return html`<br />`;
    case "link":
      return link(token.href, inlines(token.tokens), token.raw);
    case "image":
      return link(token.href, token.text || token.href, token.raw);
    case "escape":
      return token.text;
    case "text":
      return token.tokens ? inlines(token.tokens) : token.text;
    default:
      return token.raw;
  }
}

/** @param {string} href @param {unknown} label @param {string} raw */
function link(href, label, raw) {
  const safe = safeLink(href);
  return safe ? html`<a href=${safe} target="_blank" rel="noopener noreferrer nofollow">${label}</a>` : raw;
}
