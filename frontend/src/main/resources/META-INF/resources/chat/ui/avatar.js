// @ts-check
import { html, nothing } from "lit";
import { icons } from "./icons.js";

const HUES = 12;

/** One of the hues of avatars.css, always the same for an id. @param {string} id */
export function hueOf(id) {
  let hash = 2166136261;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 16777619);
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES;
}

/** At most two letters of a name. @param {string} name */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/u);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => [...word][0] || "").join("").toUpperCase() || "?";
}

/**
 * @param {string} id
 * @param {string} name
 * @param {{online?: boolean, service?: boolean}} options online: leave out where it is not to be told
 */
export function avatar(id, name, { online, service } = {}) {
  return html`<span class="avatar hue-${hueOf(id)}" aria-hidden="true"
    >${service ? icons.bot : initialsOf(name)}${online === undefined
      ? nothing
      : html`<span class="dot ${online ? "on" : ""}"></span>`}</span
  >`;
}

/** @param {string} group */
export function groupAvatar(group) {
  return html`<span class="avatar group hue-${hueOf(group)}" aria-hidden="true">#</span>`;
}
