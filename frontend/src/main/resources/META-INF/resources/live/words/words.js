// @ts-check
import { words } from "../../chat/words/language.js";
import { en } from "./en.js";

/** What the live board says. */
export const t = await words(en, (language) => import(`./${language}.js`));
