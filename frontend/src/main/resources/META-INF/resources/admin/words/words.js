// @ts-check
import { words } from "../../chat/words/language.js";
import { en } from "./en.js";

/** What the page for operators says. */
export const t = await words(en, (language) => import(`./${language}.js`));

/**
 * The words under a key, with elements where its values go.
 * @param {keyof typeof en} key @param {Record<string, unknown>} elements
 */
export const around = (key, elements) =>
  t(key)
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 ? elements[piece] : piece));
