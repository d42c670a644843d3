// @ts-check
// A classic script: the import map has to stand in the page before the first module is loaded.

const modules = [
  "connecting",
  "reconnecting",
  "cursors",
  "requests",
  "heartbeat",
  "timeline",
  "incoming",
  "sending",
  "words",
  "list-window",
  "message-list",
  "rows",
  "keyed",
  "names",
  "markdown",
  "plain-text",
  "board",
  "steady",
];

/** Read by the JUnit test, which waits for it. */
/** @type {any} */ (window).results = (async () => {
  const page = await (await fetch("/index.html")).text();
  const map = document.createElement("script");
  map.type = "importmap";
  map.textContent = new DOMParser().parseFromString(page, "text/html").querySelector("script[type=importmap]")?.textContent || "";
  document.head.append(map);
  const { runAll } = await import("/tests/harness.js");
  await Promise.all(modules.map((name) => import(`/tests/${name}.test.js`)));
  return runAll();
})();
