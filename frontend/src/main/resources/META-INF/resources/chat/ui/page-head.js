// @ts-check
import { html, nothing } from "lit";
import { mark } from "./icons.js";

/**
 * The bar over a page beside the chat: the way back to it, what page this is, and how it stands with the hub.
 * @param {{toChat: string, title: string, state: "connected" | "waiting" | "lost", status: string, action?: unknown}} what
 */
export const pageHead = ({ toChat, title, state, status, action = nothing }) => html`<header class="page-head">
  <a class="wordmark" href="/" aria-label=${toChat}>${mark}<span>Parley</span></a>
  <span class="page-word">${title}</span>
  <span class="link-state ${state}" role="status">${status}</span>
  ${action}
</header>`;
