// @ts-check
/** How groups and people are called: the names on the wire, and the ones people read. */

export const LOBBY = "chat:lobby";

/** The direct conversation of two people. @param {string} one @param {string} other */
export function directGroup(one, other) {
  return "dm:" + [one, other].sort().join("~");
}

/** The other one of a direct conversation, or null for any other group. @param {string} group @param {string} me */
export function otherOf(group, me) {
  if (!group.startsWith("dm:")) {
    return null;
  }
  const [one, other] = group.slice(3).split("~");
  return one === me ? other : one;
}

/** The group that a typed name means: `Design team` is `chat:design-team`. Empty when nothing usable was typed. @param {string} typed */
export function groupNamed(typed) {
  const slug = typed
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/^#/, "")
    .replace(/[^a-z0-9._]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return (slug || hashed(typed)) && "chat:" + (slug || hashed(typed));
}

/** Names of other scripts have no letters that the wire allows: the same name is always the same group. @param {string} typed */
function hashed(typed) {
  const name = typed.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  let hash = 0n;
  for (const letter of name) {
    hash = BigInt.asUintN(64, hash * 1099511628211n + BigInt(letter.codePointAt(0) || 0));
  }
  return name && "g-" + hash.toString(36);
}

/** A name as it is looked for: without case and accents. @param {string} name */
export function plainName(name) {
  return name.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase().trim();
}

/** What stands above a group. @param {string} group */
export function groupTitle(group) {
  return group.startsWith("chat:") ? group.slice(5) : group;
}

/** Names of people, learnt from whatever came with one, and kept for the next reload of this tab. */
export class Directory {
  /** @type {Map<string, string>} */
  #names;
  /** @type {Map<string, number>} */
  #seen = new Map();

  constructor() {
    this.#names = new Map(JSON.parse(sessionStorage.getItem("parley.names") || "[]"));
  }

  /** @param {string | undefined} user @param {string | undefined} name @param {number=} lastSeen milliseconds since 1970 */
  learn(user, name, lastSeen) {
    if (user && lastSeen) {
      this.#seen.set(user, lastSeen);
    }
    if (user && name && this.#names.get(user) !== name) {
      this.#names.set(user, name);
      sessionStorage.setItem("parley.names", JSON.stringify([...this.#names].slice(-500)));
    }
  }

  /** Whom a message names: its author, whose membership changed, and by whom. @param {any} message */
  learnFrom({ from, data, event }) {
    this.learn(from.user, from.name);
    if (event === "membership") {
      this.learn(data.user, data.name);
      this.learn(data.by?.user, data.by?.name);
    }
  }

  /** @param {string} user */
  name(user) {
    return this.#names.get(user) || user;
  }

  /** When somebody who is away was last here, if the hub said so. @param {string} user */
  lastSeen(user) {
    return this.#seen.get(user);
  }

  /** All that are known. @returns {Array<{user: string, name: string}>} */
  get people() {
    return [...this.#names].map(([user, name]) => ({ user, name }));
  }

  /** @param {string} user */
  knows(user) {
    return this.#names.has(user);
  }
}
