// @ts-check
import { en } from "./en.js";

/**
 * What the page says, in the language of the person: their choice, else the first of the browser's languages that there
 * is a catalogue of, else English. A language other than English is loaded before anything is shown; changing it reloads.
 */

const KEY = "parley.language";

/** By the name each has for itself. */
export const LANGUAGES = Object.freeze({ en: "English", ar: "العربية" });

/** @typedef {keyof typeof LANGUAGES} Language */

const RIGHT_TO_LEFT = new Set(["ar"]);

/** @returns {Language} */
function preferred() {
  const wanted = [localStorage.getItem(KEY) || "", ...navigator.languages].map((tag) => tag.split("-")[0]);
  return /** @type {Language} */ (wanted.find((tag) => tag in LANGUAGES) || "en");
}

export const language = preferred();
export const rightToLeft = RIGHT_TO_LEFT.has(language);

/** For dates and lists: the person's own variety of the language, as en-GB. */
export const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) || language;

/** @type {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} */
const catalogue = language === "en" ? en : { ...en, ...(await import(`./${language}.js`)).words };

const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(locale);

/** @param {Language} chosen */
export function speak(chosen) {
  localStorage.setItem(KEY, chosen);
  location.reload();
}

/** @param {number} value */
export const number = (value) => numbers.format(value);

/**
 * The words under a key. `{name}` in them is replaced by the value of that name; `count` also chooses the plural.
 * @param {keyof typeof en} key
 * @param {Record<string, string | number>} values
 */
export function t(key, values = {}) {
  const entry = catalogue[key];
  const text = typeof entry === "string" ? entry : entry[plurals.select(Number(values.count))] || entry.other || "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? inserted(values[name]) : whole));
}

/** A name keeps its own direction, and does not turn the words around it. @param {string | number} value */
function inserted(value) {
  return typeof value === "number" ? number(value) : rightToLeft ? `\u2068${value}\u2069` : value;
}

const lists = new Intl.ListFormat(locale, { type: "conjunction" });

/** "Ada, Bo and Cy". @param {string[]} names */
export const listed = (names) => lists.format(names.map((name) => /** @type {string} */ (inserted(name))));
