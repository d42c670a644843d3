// @ts-check
/** A test, and what is asserted in it. Results are read by the JUnit test that opened this page. */

/** @type {Array<{name: string, body: () => void | Promise<void>}>} */
const tests = [];

/** @param {string} name @param {() => void | Promise<void>} body */
export function test(name, body) {
  tests.push({ name, body });
}

/** Runs all that were declared. @returns {Promise<Array<{name: string, error: string | null}>>} */
export async function runAll() {
  const results = [];
  for (const { name, body } of tests) {
    try {
      await body();
      results.push({ name, error: null });
    } catch (error) {
      results.push({ name, error: String(/** @type {any} */ (error)?.stack || error) });
    }
  }
  return results;
}

/** @param {unknown} actual @param {unknown} expected compared by their JSON @param {string=} what */
export function equal(actual, expected, what = "value") {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) {
    throw new Error(`${what}: expected ${right}, was ${left}`);
  }
}

/** @param {unknown} condition @param {string} what */
export function ok(condition, what) {
  if (!condition) {
    throw new Error(`expected ${what}`);
  }
}

/** @param {Promise<unknown>} promise @param {string} code of the ParleyError it is rejected with */
export async function rejects(promise, code) {
  try {
    await promise;
  } catch (error) {
    equal(/** @type {any} */ (error).code, code, "error code");
    return;
  }
  throw new Error(`expected a rejection with ${code}`);
}
