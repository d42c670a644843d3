// @ts-check
import { locale } from "../chat/words/language.js";

const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium" });

/** @param {number} value */
export const number = (value) => numbers.format(value);

/** @param {number} time in milliseconds since 1970 */
export const moment = (time) => clock.format(time);
