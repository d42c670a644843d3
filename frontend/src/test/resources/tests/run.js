// @ts-check
import { runAll } from "/tests/harness.js";

const modules = ["connecting", "reconnecting", "cursors", "requests", "heartbeat"];

/** Read by the JUnit test, which waits for it. */
/** @type {any} */ (window).results = (async () => {
  await Promise.all(modules.map((name) => import(`/tests/${name}.test.js`)));
  return runAll();
})();
