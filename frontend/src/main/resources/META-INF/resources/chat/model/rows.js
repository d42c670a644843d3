// @ts-check
import { dayOf } from "../ui/time.js";

/** One author's messages closer together than this stand under one name, in milliseconds. */
const TOGETHER = 5 * 60_000;

/** @typedef {import("./timeline.js").Entry} Entry */
/**
 * @typedef {{type: "day", key: string, time: number}
 *   | {type: "new", key: string}
 *   | {type: "gap", key: string, entry: Entry}
 *   | {type: "notice", key: string, entries: Entry[]}
 *   | {type: "message", key: string, entry: Entry, first: boolean}} Row
 */

/**
 * Entries as the list shows them: days apart, one author's messages together, notices of the same kind in one.
 * @param {Entry[]} entries in order
 * @param {{generation: number, seq: number} | null} newSince
 * @param {string} me
 * @returns {Row[]}
 */
export function rowsOf(entries, newSince, me) {
  /** @type {Row[]} */
  const rows = [];
  let day = "";
  /** @type {Entry | null} */
  let above = null;
  let marked = !newSince;
  for (const entry of entries) {
    const today = dayOf(entry.time);
    if (today !== day && entry.kind !== "gap") {
      day = today;
      above = null;
      rows.push({ type: "day", key: "day:" + entry.key, time: entry.time });
    }
    if (!marked && isNew(entry, newSince) && entry.kind === "message" && entry.author.id !== me) {
      marked = true;
      above = null;
      rows.push({ type: "new", key: "new" });
    }
    above = push(rows, entry, above);
  }
  return rows;
}

/** @param {Row[]} rows @param {Entry} entry @param {Entry | null} above @returns {Entry | null} what the next may join */
function push(rows, entry, above) {
  const last = rows.at(-1);
  if (entry.kind === "gap") {
    rows.push({ type: "gap", key: entry.key, entry });
    return null;
  }
  if (entry.kind === "membership") {
    if (last?.type === "notice") {
      last.entries.push(entry);
    } else {
      rows.push({ type: "notice", key: entry.key, entries: [entry] });
    }
    return null;
  }
  const first = !above || above.author.id !== entry.author.id || entry.time - above.time > TOGETHER;
  rows.push({ type: "message", key: entry.key, entry, first });
  return first || !above ? entry : { ...above, time: entry.time };
}

/** @param {Entry} entry @param {{generation: number, seq: number} | null} since */
function isNew(entry, since) {
  return since !== null && (entry.generation > since.generation || (entry.generation === since.generation && entry.seq > since.seq));
}

/**
 * What membership entries say: "Ada and Bo joined · Cy left".
 * @param {Entry[]} entries
 * @param {(user: string) => string} nameOf
 */
export function noticeText(entries, nameOf) {
  /** @type {Array<{verb: string, names: string[]}>} */
  const said = [];
  for (const { data, author } of entries) {
    const name = nameOf(data.user);
    const self = author.service || data.user === author.id; // The hub itself says so, unless somebody else did it.
    const verb =
      data.state === "added"
        ? self ? "joined" : "was added"
        : data.state === "removed"
          ? self ? "left" : "was removed"
          : `is now ${data.role}`;
    const last = said.at(-1);
    if (last?.verb === verb) {
      last.names.push(name);
    } else {
      said.push({ verb, names: [name] });
    }
  }
  return said.map(({ verb, names }) => sentence([...new Set(names)], verb)).join(" · ");
}

/** @param {string[]} names @param {string} verb */
function sentence(names, verb) {
  return `${listOf(names)} ${names.length > 1 || names[0] === "You" ? plural(verb) : verb}`;
}

/** @param {string} verb */
function plural(verb) {
  return verb.replace(/^was /, "were ").replace(/^is now /, "are now ");
}

/** @param {string[]} names */
function listOf(names) {
  names.sort((one, other) => Number(other === "You") - Number(one === "You"));
  if (names.length > 4) {
    return `${names.slice(0, 3).join(", ")} and ${names.length - 3} others`;
  }
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}
