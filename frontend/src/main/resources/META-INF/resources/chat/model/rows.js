// @ts-check
import { dayOf } from "../ui/time.js";
import { listed, t } from "../words/words.js";

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
    if (entry.kind === "fold") {
      continue;
    }
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

/**
 * Where what is new begins, as an index; -1 where nothing is new, or where it begins before all that is known.
 * @param {{entries: Entry[], more: boolean}} timeline @param {{generation: number, seq: number} | null} newSince @param {string} me
 */
export function firstNew({ entries, more }, newSince, me) {
  const at = newSince ? entries.findIndex((entry) => isNew(entry, newSince) && entry.kind === "message" && entry.author.id !== me) : -1;
  return at > 0 || !more ? at : -1;
}

/** @param {Row[]} rows @param {Entry} entry @param {Entry | null} above @returns {Entry | null} what the next may join */
function push(rows, entry, above) {
  const last = rows.at(-1);
  if (entry.kind === "gap") {
    rows.push({ type: "gap", key: entry.key, entry });
    return null;
  }
  if (entry.kind === "membership" || entry.kind === "group") {
    if (last?.type === "notice") {
      last.entries.push(entry);
    } else {
      rows.push({ type: "notice", key: entry.key, entries: [entry] });
    }
    return null;
  }
  const first = !above || Boolean(entry.replyTo) || above.author.id !== entry.author.id || entry.time - above.time > TOGETHER;
  rows.push({ type: "message", key: entry.key, entry, first });
  return first || !above ? entry : { ...above, time: entry.time };
}

/** @param {Entry} entry @param {{generation: number, seq: number} | null} since */
function isNew(entry, since) {
  return since !== null && (entry.generation > since.generation || (entry.generation === since.generation && entry.seq > since.seq));
}

/** Names told at most, before the others are counted. */
const NAMED = 3;

/** @typedef {"joined" | "added" | "left" | "removed" | "role"} Verb */

/**
 * What entries about the group say: "Ada and Bo joined · Cy left".
 * @param {Entry[]} entries
 * @param {(user: string) => string} nameOf
 */
export function noticeText(entries, nameOf) {
  /** @type {Array<{verb: Verb | null, role: string, by: string, names: string[]}>} */
  const said = [];
  for (const entry of entries) {
    const { data } = entry;
    if (entry.kind === "group") {
      said.push({ verb: null, role: described(data, nameOf), by: "", names: [] });
      continue;
    }
    const name = nameOf(data.user);
    /** @type {Verb} */
    const verb = data.state === "added" ? (data.by ? "added" : "joined") : data.state === "removed" ? (data.by ? "removed" : "left") : "role";
    const last = said.at(-1);
    const role = verb === "role" ? data.role || "" : "";
    const by = verb === "added" || verb === "removed" ? nameOf(data.by.user) : "";
    if (last?.verb === verb && last.role === role && last.by === by) {
      last.names.push(name);
    } else {
      said.push({ verb, role, by, names: [name] });
    }
  }
  return said.map(({ verb, role, by, names }) => (verb ? sentence([...new Set(names)], verb, role, by) : role)).join(" · ");
}

/** What a change of title and topic says. @param {{title?: string, topic?: string, by?: {user: string, name: string}}} data @param {(user: string) => string} nameOf */
function described({ title, topic, by }, nameOf) {
  const name = by ? nameOf(by.user) : "Parley";
  const parts = title ? [t("notice.renamed", { name, title })] : [];
  return [...parts, topic ? t("notice.topic", { name, topic }) : ""].filter(Boolean).join(" · ") || t("notice.noTopic", { name });
}

/** @param {string[]} names @param {Verb} verb @param {string} role @param {string} by */
function sentence(names, verb, role, by) {
  const you = t("app.you");
  names.sort((one, other) => Number(other === you) - Number(one === you));
  const many = names.length > 1 || names[0] === you; // "You were added."
  const roles = /** @type {Record<string, string>} */ ({ owner: t("people.owner"), moderator: t("people.moderator") });
  return t(`notice.${verb}`, { names: listOf(names), role: roles[role] || role, by: by === you ? t("notice.you") : by, count: many ? Math.max(2, names.length) : 1 });
}

/** @param {string[]} names */
function listOf(names) {
  const others = names.length - NAMED;
  return others > 1 ? t("notice.others", { names: names.slice(0, NAMED).join(", "), count: others }) : listed(names);
}
