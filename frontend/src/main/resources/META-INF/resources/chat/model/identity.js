// @ts-check
import { t } from "../words/words.js";

/** Who one is in this browser: a guest's token, kept per tab and, for the next tab, per browser. */

const KEY = "parley.identity";

/** @typedef {{token: string, user: {id: string, name: string}}} Identity */

/** Why signing in failed, in words for the person who tried. */
export class SignInError extends Error {}

/**
 * The identity of this tab, else the one last used in this browser. A tab keeps its own, so that two people can use
 * two tabs.
 * @returns {Identity | null}
 */
export function rememberedIdentity() {
  for (const storage of [sessionStorage, localStorage]) {
    try {
      const identity = JSON.parse(storage.getItem(KEY) || "null");
      if (identity?.token && identity.user?.id) {
        sessionStorage.setItem(KEY, JSON.stringify(identity));
        return identity;
      }
    } catch {
      storage.removeItem(KEY);
    }
  }
  return null;
}

/** @param {string} name @returns {Promise<Identity>} @throws {SignInError} */
export async function signIn(name) {
  let response;
  try {
    response = await fetch("/v1/guests", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name }),
    });
  } catch {
    throw new SignInError(t("signin.unreachable"));
  }
  if (!response.ok) {
    throw new SignInError(await refusal(response));
  }
  const { token, user } = await response.json();
  const identity = JSON.stringify({ token, user });
  sessionStorage.setItem(KEY, identity);
  localStorage.setItem(KEY, identity);
  return { token, user };
}

/** Forgets the identity in this tab, and in the browser where it is the same. */
export function signOut() {
  if (sessionStorage.getItem(KEY) === localStorage.getItem(KEY)) {
    localStorage.removeItem(KEY);
  }
  sessionStorage.removeItem(KEY);
}

/** @param {Response} response */
async function refusal(response) {
  if ([401, 403, 404].includes(response.status)) {
    return t("signin.noGuests");
  }
  if (response.status === 429) {
    return t("signin.tooMany");
  }
  const problem = await response.json().catch(() => ({}));
  return problem.detail || t("signin.failed");
}
