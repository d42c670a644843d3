// @ts-check
import { html, nothing } from "lit";
import { number, t } from "../words/words.js";
import { avatar } from "./avatar.js";
import { icons } from "./icons.js";
import { keyed } from "./keyed.js";
import { closePanel, openPerson } from "./navigation.js";
import { ranks, roleName } from "./roles.js";
import { dayTime } from "./time.js";
import { View } from "./view.js";

/** Who is here and who is away, in the open conversation. A click on somebody opens the direct conversation. */
class PeoplePanel extends View {
  render() {
    const { store } = this;
    const conversation = store.current;
    if (!conversation) {
      return nothing;
    }
    const here = new Map([[store.me.id, { user: store.me.id, name: store.me.name }], ...conversation.online]);
    if (conversation.other && store.isOnline(conversation.other)) {
      here.set(conversation.other, { user: conversation.other, name: store.directory.name(conversation.other) });
    }
    const away = conversation.members.filter((user) => !here.has(user) && store.directory.knows(user));
    const byName = (/** @type {{name: string}} */ one, /** @type {{name: string}} */ two) => one.name.localeCompare(two.name);
    const others = [...here.values()].filter(({ user }) => user !== store.me.id).sort(byName);
    const unseen = conversation.onlineCount - here.size;
    return html`<aside class="people" aria-label=${t("people.title")}>
      <header class="people-head">
        <h2>${t("people.title")}</h2>
        <button class="icon-button" type="button" aria-label=${t("app.close")} @click=${() => closePanel(this.store)}>${icons.close}</button>
      </header>
      <div class="people-scroll" tabindex="0" role="region" aria-label=${t("people.title")}>
        ${conversation.manages
          ? html`<button class="add-people" type="button" @click=${this.#add}>${icons.addPerson}<span>${t("head.add")}</span></button>`
          : nothing}
        <h3>${t("head.here")} <span class="count">${number(Math.max(here.size, conversation.onlineCount))}</span></h3>
        <ul>
          ${keyed([{ user: store.me.id, name: store.me.name }, ...others], ({ user }) => user, (person) => this.#person(person, true))}
        </ul>
        ${unseen > 0 ? html`<p class="muted more">${t("people.and", { count: unseen })}</p>` : nothing}
        ${away.length
          ? html`<h3>${t("head.away")} <span class="count">${number(away.length)}</span></h3>
              <ul>
                ${keyed(
                  away.map((user) => ({ user, name: store.directory.name(user) })).sort(byName),
                  ({ user }) => user,
                  (person) => this.#person(person, false),
                )}
              </ul>`
          : nothing}
      </div>
    </aside>`;
  }

  /** @param {{user: string, name: string}} person @param {boolean} online */
  #person({ user, name }, online) {
    const { store } = this;
    const conversation = store.current;
    const me = user === store.me.id;
    const role = conversation?.roster?.get(user)?.role;
    const seen = online ? undefined : store.directory.lastSeen(user);
    const about = [role && role !== "member" && roleName(role), seen && t("head.lastSeen", { time: dayTime(seen) })].filter(Boolean).join(" · ");
    const content = html`${avatar(user, name, { online })}
      <span class="person-text">
        <span class="person-name" dir="auto">${name}</span>
        ${about ? html`<span class="muted seen">${about}</span>` : nothing}
      </span>
      ${me ? html`<span class="muted">${t("app.youSmall")}</span>` : nothing}`;
    return html`<li>
      ${me
        ? html`<div class="person">${content}</div>`
        : html`<button class="person" type="button" title=${t("people.message", { name })} @click=${() => openPerson(this, user)}>${content}</button>`}
      ${!me && role && conversation?.manages && ranks(conversation.role, role) ? this.#manageButton({ user, name, role }) : nothing}
    </li>`;
  }

  /** @param {{user: string, name: string, role: string}} person */
  #manageButton(person) {
    const label = t("people.manage", { name: person.name });
    const detail = { conversation: this.store.current, ...person };
    return html`<button
      class="icon-button small manage"
      type="button"
      title=${label}
      aria-label=${label}
      @click=${() => this.dispatchEvent(new CustomEvent("manage-person", { bubbles: true, detail }))}
    >
      ${icons.more}
    </button>`;
  }

  #add() {
    this.dispatchEvent(new CustomEvent("add-people", { bubbles: true, detail: this.store.current }));
  }
}

customElements.define("parley-people-panel", PeoplePanel);
