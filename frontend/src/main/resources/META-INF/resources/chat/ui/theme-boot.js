// @ts-check
// Runs before the first paint, so that a chosen theme does not flash. A classic script for that reason.
(() => {
  const chosen = localStorage.getItem("parley.theme");
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  }
})();
