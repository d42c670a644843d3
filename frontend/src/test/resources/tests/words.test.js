// @ts-check
import { en as adminEnglish } from "/admin/words/en.js";
import { words as adminArabic } from "/admin/words/ar.js";
import { en as chatEnglish } from "/chat/words/en.js";
import { words as chatArabic } from "/chat/words/ar.js";
import { t } from "/chat/words/words.js";
import { en as liveEnglish } from "/live/words/en.js";
import { words as liveArabic } from "/live/words/ar.js";
import { equal, test } from "/tests/harness.js";

/** @type {Array<[string, Record<string, any>, Record<string, any>]>} */
const CATALOGUES = [
  ["chat", chatEnglish, chatArabic],
  ["live", liveEnglish, liveArabic],
  ["admin", adminEnglish, adminArabic],
];

/** @param {any} entry */
const forms = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry));

/** What is replaced in a text, by any of its forms. @param {any} entry */
const holes = (entry) => [...new Set(forms(entry).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)))].sort();

for (const [page, en, ar] of CATALOGUES) {
  test(`${page}: each catalogue says all that the English one says, with the same values in it`, () => {
    // Keys are named as they stand on the keyboard, wherever that is.
    const missing = Object.keys(en).filter((key) => !(key in ar) && !["write.enter", "write.shift"].includes(key));
    equal(missing, []);
    equal(Object.keys(ar).filter((key) => !(key in en)), []);
    for (const [key, entry] of Object.entries(ar)) {
      const wanted = holes(en[key]).filter((name) => name !== "count");
      equal(holes(entry).filter((name) => name !== "count"), wanted, key);
    }
  });

  test(`${page}: a plural has a form for each number there may be`, () => {
    for (const entry of Object.values(ar)) {
      const rules = new Intl.PluralRules("ar");
      equal([0, 1, 2, 3, 11, 100].filter((count) => typeof entry !== "string" && !(entry[rules.select(count)] || entry.other)), []);
    }
  });
}

test("values are put in, and the count chooses the form", () => {
  equal(t("list.theirs", { name: "Bo", text: "{name}" }), "Bo: {name}");
  equal([t("head.people", { count: 1 }), t("head.people", { count: 1200 })], ["Only you are here", "1,200 people here"]);
});
