// @ts-check
import { en } from "./en.js";
import { words } from "./language.js";

export { language, LANGUAGES, listed, locale, number, speak } from "./language.js";

/** What the chat says. */
export const t = await words(en, (language) => import(`./${language}.js`));
