// @ts-check
/** What the device is like, as far as the style sheets alone can't deal with it; the widths are theirs. */

/** The key that commands go with, as it is called here. */
export const COMMAND = /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl";
/** Fingers, and a keyboard that comes up over the page. */
export const TOUCH = matchMedia("(pointer: coarse)");
/** Room for the list or for a conversation, not for both. */
export const ONE_PANE = matchMedia("(max-width: 699px)");
/** What stands beside the conversation lies over it. */
export const PANEL_OVER = matchMedia("(max-width: 1023px)");
