// @ts-check
/**
 * The language of all pages: the person's choice, else the first of the browser's languages that there are words in, else
 * English. Each page has catalogues of its own; one that is not English is loaded before anything is shown. Changing the
 * language reloads.
 */

const KEY = "parley.language";

/** By the name each has for itself. */
export const LANGUAGES = Object.freeze({ en: "English", ar: "العربية" });

/** @typedef {keyof typeof LANGUAGES} Language */
/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Words one text, or one for each plural */

const RIGHT_TO_LEFT = new Set(["ar"]);

/** @returns {Language} */
function preferred() {
  const wanted = [localStorage.getItem(KEY) || "", ...navigator.languages].map((tag) => tag.split("-")[0]);
  return /** @type {Language} */ (wanted.find((tag) => tag in LANGUAGES) || "en");
}

export const language = preferred();
const rightToLeft = RIGHT_TO_LEFT.has(language);

/** For dates and lists: the person's own variety of the language, as en-GB. */
export const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) || language;

document.documentElement.lang = language;
document.documentElement.dir = rightToLeft ? "rtl" : "ltr";

const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(locale);
const lists = new Intl.ListFormat(locale, { type: "conjunction" });

/** @param {Language} chosen */
export function speak(chosen) {
  localStorage.setItem(KEY, chosen);
  location.reload();
}

/** @param {number} value */
export const number = (value) => numbers.format(value);

/** "Ada, Bo and Cy". @param {string[]} names */
export const listed = (names) => lists.format(names.map((name) => /** @type {string} */ (inserted(name))));

/**
 * What says the words under a key. `{name}` in them is replaced by the value of that name; `count` also chooses the plural.
 * @template {string} Key
 * @param {Record<Key, Words>} english all keys
 * @param {(language: Language) => Promise<{words: Partial<Record<Key, Words>>}>} load another language's
 * @returns {Promise<(key: Key, values?: Record<string, string | number>) => string>}
 */
export async function words(english, load) {
  /** @type {Record<Key, Words>} */
  const catalogue = language === "en" ? english : { ...english, ...(await load(language)).words };
  return (key, values = {}) => {
    const entry = catalogue[key];
    const text = typeof entry === "string" ? entry : entry[plurals.select(Number(values.count))] || entry.other || "";
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(inserted(values[name])) : whole));
  };
}

/** A name keeps its own direction, and does not turn the words around it. @param {string | number} value */
function inserted(value) {
  return typeof value === "number" ? number(value) : rightToLeft ? `\u2068${value}\u2069` : value;
}
