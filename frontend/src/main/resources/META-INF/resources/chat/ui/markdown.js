// @ts-check
import { html, nothing } from "lit";
import { Lexer } from "marked";

/**
 * A subset of Markdown as Lit templates. Marked only takes the text apart; nothing here makes HTML out of a string, so
 * what somebody writes can't become markup. Raw HTML is shown as the text it is.
 */

/*
 * Marked takes time that grows with the square of some texts' length: 60,000 characters of "_a " take half a minute. So
 * of a long paragraph, and of what lies deep, the text is shown as it is. All of 64 KiB then takes under half a second.
 */
const INLINE_MOST = 2_000;
const INLINE_MOST_IN_ALL = 8_000;
const DEPTH_MOST = 16;
/** Quotes and lists nested in one line beyond any use; Marked would take seconds, or run out of stack. */
const ABSURD = /^[ \t]*(?:(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])[ \t]*){40}/m;

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** Texts that were taken apart, so that a re-rendering costs nothing. @type {Map<string, unknown>} */
const rendered = new Map();
const KEPT = 600;

/** Who is mentioned in the text that is being taken apart. @type {Mention[]} */
let mentioned = [];

/** @typedef {{name: string, me: boolean}} Mention */

/** @param {string} text @param {Mention[]} mentions whose `@name` in it is set off @returns {unknown} something Lit renders */
export function markdown(text, mentions = []) {
  const key = mentions.length ? JSON.stringify([text, mentions]) : text;
  let template = rendered.get(key);
  if (template === undefined) {
    mentioned = mentions;
    template = takenApart(text);
    mentioned = [];
    if (rendered.size >= KEPT) {
      rendered.delete(rendered.keys().next().value || "");
    }
    rendered.set(key, template);
  }
  return template;
}

/** A text with the mentions in it set off. @param {string} text @returns {unknown} */
function withMentions(text) {
  for (const { name, me } of mentioned) {
    const at = text.indexOf("@" + name);
    if (at >= 0) {
      const end = at + name.length + 1;
      const mention = html`<span class="mention ${me ? "me" : ""}">${text.slice(at, end)}</span>`;
      return [withMentions(text.slice(0, at)), mention, withMentions(text.slice(end))];
    }
  }
  return text;
}

/** @param {string} text */
function takenApart(text) {
  if (ABSURD.test(text)) {
    return html`<p class="plain">${text}</p>`;
  }
  try {
    const lexer = new Lexer({ gfm: true, breaks: true });
    const tokens = lexer.blockTokens(text.replace(/\r\n?/g, "\n"), lexer.tokens);
    let left = INLINE_MOST_IN_ALL;
    for (const { src, tokens: into } of lexer.inlineQueue) {
      left -= src.length;
      if (src.length > INLINE_MOST || left < 0) {
        into.push({ type: "text", raw: src, text: src });
      } else {
        lexer.inlineTokens(src, into);
      }
    }
    return blocks(tokens, 0);
  } catch {
    return html`<p class="plain">${text}</p>`; // Nested so deep that Marked ran out of stack.
  }
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

/** @param {any[]} tokens @param {number} depth @returns {unknown} */
function blocks(tokens, depth) {
  return tokens.map((token) => (depth < DEPTH_MOST ? block(token, depth + 1) : token.raw));
}

/** @param {any} token @param {number} depth @returns {unknown} */
function block(token, depth) {
  switch (token.type) {
    case "space":
    case "def":
      return nothing;
    case "heading":
      return html`<p class="heading">${inlines(token.tokens, depth)}</p>`;
    case "paragraph":
      return html`<p>${inlines(token.tokens, depth)}</p>`;
    case "text":
      return token.tokens ? inlines(token.tokens, depth) : withMentions(token.text);
    case "code":
      return html`<pre tabindex="0"><code>${token.text}</code></pre>`;
    case "blockquote":
      return html`<blockquote>${blocks(token.tokens, depth)}</blockquote>`;
    case "list":
      return token.ordered
        ? html`<ol start=${token.start || 1}>${token.items.map((/** @type {any} */ each) => item(each, depth))}</ol>`
        : html`<ul>${token.items.map((/** @type {any} */ each) => item(each, depth))}</ul>`;
    case "hr":
      return html`<hr />`;
    case "table":
      return table(token);
    default:
      return html`<p>${token.raw.trim()}</p>`; // HTML, and whatever a later Marked may know.
  }
}

/** @param {any} token @param {number} depth */
function item(token, depth) {
  const box = token.task ? html`<span class="task">${token.checked ? "☑" : "☐"}</span> ` : nothing;
  const rest = token.tokens.filter((/** @type {any} */ inner) => inner.type !== "checkbox");
  return html`<li>${box}${blocks(rest, depth)}</li>`;
}

/** @param {any} token */
function table(token) {
  const cells = (/** @type {any[]} */ row) => row.map((cell) => html`<td>${inlines(cell.tokens, 1)}</td>`);
  const heads = token.header.map((/** @type {any} */ cell) => html`<th scope="col">${inlines(cell.tokens, 1)}</th>`);
  return html`<div class="table" tabindex="0"><table>
    <thead><tr>${heads}</tr></thead>
    <tbody>${token.rows.map((/** @type {any[]} */ row) => html`<tr>${cells(row)}</tr>`)}</tbody>
  </table></div>`;
}

/** @param {any[]} tokens @param {number} depth @returns {unknown} */
function inlines(tokens, depth) {
  return tokens.map((token) => (depth < DEPTH_MOST ? inline(token, depth + 1) : token.raw));
}

/** @param {any} token @param {number} depth @returns {unknown} */
function inline(token, depth) {
  switch (token.type) {
    case "strong":
      return html`<strong>${inlines(token.tokens, depth)}</strong>`;
    case "em":
      return html`<em>${inlines(token.tokens, depth)}</em>`;
    case "del":
      return html`<del>${inlines(token.tokens, depth)}</del>`;
    case "codespan":
      return html`<code>${token.text}</code>`;
    case "br":
      return html`<br />`;
    case "link":
      return link(token.href, inlines(token.tokens, depth), token.raw);
    case "image":
      return link(token.href, token.text || token.href, token.raw);
    case "escape":
      return token.text;
    case "text":
      return token.tokens ? inlines(token.tokens, depth) : withMentions(token.text);
    default:
      return token.raw;
  }
}

/** @param {string} href @param {unknown} label @param {string} raw */
function link(href, label, raw) {
  const safe = safeLink(href);
  return safe ? html`<a href=${safe} target="_blank" rel="noopener noreferrer nofollow">${label}</a>` : raw;
}
