// @ts-check
/** Dark or light: what the system says, unless a person chose. The choice is put on the page early by theme-boot.js. */

const KEY = "parley.theme";

/** Whether the system asks for dark; it may change its mind in the evening. */
export const SYSTEM_DARK = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"dark" | "light"} */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "dark" || chosen === "light") {
    return chosen;
  }
  return SYSTEM_DARK.matches ? "dark" : "light";
}

export function toggleTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem(KEY, next);
}
