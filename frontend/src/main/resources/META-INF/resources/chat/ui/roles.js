// @ts-check
import { t } from "../words/words.js";

/** What somebody may be in a group, the least first. */
const ROLES = /** @type {const} */ (["member", "moderator", "owner"]);

/** @typedef {typeof ROLES[number]} Role */

/** Those that somebody of this role may give and take: nobody those above their own. @param {string} own */
export const rolesUpTo = (own) => ROLES.slice(0, rank(own) + 1);

/** Whether somebody of this role may change what the other is. @param {string} own @param {string} other */
export const ranks = (own, other) => rank(own) >= rank(other);

/** @param {string} role */
export function roleName(role) {
  return { member: t("people.member"), moderator: t("people.moderator"), owner: t("people.owner") }[role] || role;
}

/** @param {string} role */
const rank = (role) => ROLES.indexOf(/** @type {Role} */ (role));
