// @ts-check
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { avatar } from "./avatar.js";
import { icons } from "./icons.js";
import { openPerson } from "./navigation.js";
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
    return html`<aside class="people" aria-label="People">
      <header class="people-head">
        <h2>People</h2>
        <button class="icon-button" type="button" aria-label="Close" @click=${this.#close}>${icons.close}</button>
      </header>
      <div class="people-scroll">
        <h3>Here now <span class="count">${Math.max(here.size, conversation.onlineCount)}</span></h3>
        <ul>
          ${repeat([{ user: store.me.id, name: store.me.name }, ...others], ({ user }) => user, (person) => this.#person(person, true))}
        </ul>
        ${unseen > 0 ? html`<p class="muted more">and ${unseen} more</p>` : nothing}
        ${away.length
          ? html`<h3>Away <span class="count">${away.length}</span></h3>
              <ul>
                ${repeat(
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
    const me = user === this.store.me.id;
    const content = html`${avatar(user, name, { online })}
      <span class="person-name" dir="auto">${name}</span>${me ? html`<span class="muted">you</span>` : nothing}`;
    return html`<li>
      ${me
        ? html`<div class="person">${content}</div>`
        : html`<button class="person" type="button" title="Message ${name}" @click=${() => openPerson(this, user)}>${content}</button>`}
    </li>`;
  }

  #close() {
    this.store.peopleShown = false;
    this.store.changed();
  }
}

customElements.define("parley-people-panel", PeoplePanel);
