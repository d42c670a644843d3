// @ts-check
/**
 * Calls back when the machine or the page may have slept or changed its network: a socket that looks open may be dead.
 * @param {() => void} woken
 * @returns {() => void} stops it
 */
export function onWake(woken) {
  if (typeof addEventListener !== "function") {
    return () => {};
  }
  const visible = () => globalThis.document?.visibilityState !== "hidden" && woken();
  /** @type {Array<[EventTarget | undefined, string]>} */
  const sources = [
    [globalThis, "online"],
    [globalThis, "pageshow"],
    [globalThis.document, "visibilitychange"],
  ];
  sources.forEach(([source, event]) => source?.addEventListener(event, visible));
  return () => sources.forEach(([source, event]) => source?.removeEventListener(event, visible));
}
