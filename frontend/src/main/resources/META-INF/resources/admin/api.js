// @ts-check
import { t } from "./words/words.js";

/** The calls of the HTTP API that this page makes, with the key or token of whoever operates the hub. */

const KEY = "parley.admin";

/** Why a call failed; `status` is 401 or 403 where the key does not do. */
export class Refused extends Error {
  /** @param {number} status @param {string} why */
  constructor(status, why) {
    super(why);
    this.status = status;
  }
}

/** Kept for this tab only. */
export const key = () => sessionStorage.getItem(KEY) || "";

/** @param {string} entered a service key, or a token with the role admin */
export function useKey(entered) {
  sessionStorage.setItem(KEY, entered);
}

export function forgetKey() {
  sessionStorage.removeItem(KEY);
}

/** @param {string} path below /v1 @param {string} method @param {any} body @returns {Promise<any>} */
export async function call(path, method = "GET", body = undefined) {
  let response;
  try {
    response = await fetch("/v1/" + path, {
      method,
      headers: { Authorization: `Bearer ${key()}`, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, t("admin.unreachable"));
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail || t("admin.answered", { status: String(response.status) }));
  }
  return response.status === 204 ? null : response.json();
}
