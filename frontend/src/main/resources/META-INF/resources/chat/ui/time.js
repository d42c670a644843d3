// @ts-check
import { locale, t } from "../words/words.js";

/** Times as people read them, in their own zone. */

const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "short" });
const shortDate = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const longDate = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const dateWithYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

/** The same text for all times of a local day. @param {number} time */
export function dayOf(time) {
  return new Date(time).toDateString();
}

/** @param {number} time */
export const clockTime = (time) => clock.format(time);

/** Without a.m. and p.m., for where next to nothing of room is. @param {number} time */
export function briefTime(time) {
  const parts = clock.formatToParts(time).filter(({ type }) => type !== "dayPeriod");
  return parts.map(({ value }) => value).join("").trim();
}

/** @param {number} time */
export const fullTime = (time) => full.format(time);

/** How many local days lie between. @param {number} time @param {number} now */
function daysAgo(time, now) {
  const midnight = (/** @type {number} */ at) => new Date(at).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(time)) / 86_400_000);
}

/** For the line between two days. @param {number} time @param {number} now */
export function dayTitle(time, now = Date.now()) {
  const days = daysAgo(time, now);
  if (days === 0) {
    return t("messages.today");
  }
  if (days === 1) {
    return t("messages.yesterday");
  }
  return days < 300 ? longDate.format(time) : dateWithYear.format(time);
}

/** For a list, where little room is. @param {number} time @param {number} now */
export function shortTime(time, now = Date.now()) {
  const days = daysAgo(time, now);
  if (days <= 0) {
    return clock.format(time);
  }
  return days < 7 ? weekday.format(time) : shortDate.format(time);
}

/** A moment of the past in a sentence: "10:42", or with its day. @param {number} time @param {number} now */
export function dayTime(time, now = Date.now()) {
  const days = daysAgo(time, now);
  return days <= 0 ? clock.format(time) : `${days === 1 ? t("messages.yesterday") : shortDate.format(time)}, ${clock.format(time)}`;
}
