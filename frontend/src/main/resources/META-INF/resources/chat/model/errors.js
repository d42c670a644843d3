// @ts-check
import { t } from "../words/words.js";

/** The protocol's error codes, and the client's own, in words for people. */
const KNOWN = new Set(
  "too_large rate_limited forbidden unknown_group unknown_user not_joined conflict unavailable disconnected closed timeout queue_full".split(" "),
);

/** @param {any} error */
export function inWords(error) {
  if (error?.code === "unknown_message") {
    return t("error.notFound");
  }
  return KNOWN.has(error?.code) ? t(/** @type {any} */ ("error." + error.code)) : error?.message || t("error.other");
}
