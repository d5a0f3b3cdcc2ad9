import { h, icon, iconButton, type Icon } from "./dom";
import type { Words } from "./words";

export interface Actions {
  close(): void;
  person(): void;
  bot(): void;
  rate(): void;
  save(): void;
  sound(): boolean;
  sounds(): boolean;
}

/** Name, way to a person, menu and close. The menu is a plain list of buttons that unfolds. */
export class Header {
  #title = h("h2", { id: "title" });
  #status = h("p", { class: "status" });
  #avatar = h("span", { class: "avatar", "aria-hidden": "true" });
  #list = h("div", { class: "menu", id: "menu", hidden: true });
  readonly more = iconButton("more", "", { "aria-expanded": "false", "aria-controls": "menu" });
  readonly close = iconButton("close", "");
  readonly person = h("button", { type: "button", class: "person" });
  readonly node: HTMLElement;
  readonly #words: Words;
  readonly #actions: Actions;

  constructor(
    words: Words,
    actions: Actions,
  ) {
    this.#words = words;
    this.#actions = actions;
    this.more.onclick = () => this.unfold(!!this.#list.hidden);
    this.close.onclick = () => actions.close();
    this.person.onclick = () => actions.person();
    this.#list.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.unfold(false);
      this.more.focus();
    };
    this.node = h(
      "header",
      { class: "head" },
      this.#avatar,
      h("div", { class: "names" }, this.#title, this.#status),
      this.person,
      this.more,
      this.#list,
      this.close,
    );
    this.node.addEventListener("focusout", (event) => {
      const to = event.relatedTarget as Node | null;
      if (to && to !== this.more && !this.#list.contains(to)) this.unfold(false);
    });
  }

  show(name: string, status: string): void {
    const { t } = this.#words;
    this.#title.textContent = name || t("title");
    this.#status.textContent = status;
    this.#avatar.textContent = [...(name || t("title"))][0]!.toUpperCase();
    this.person.replaceChildren(icon("person"), h("span", {}, t("person")));
    for (const [button, label] of [[this.more, t("more")], [this.close, t("close")]] as const) {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
    this.#items();
  }

  get unfolded(): boolean {
    return !this.#list.hidden;
  }

  unfold(open: boolean): void {
    this.#list.hidden = !open;
    this.more.setAttribute("aria-expanded", String(open));
    if (open) this.#list.querySelector("button")?.focus();
  }

  #items(): void {
    const { t } = this.#words;
    const item = (sign: Icon, label: string, act: () => void): HTMLButtonElement => {
      const button = h("button", { type: "button" }, icon(sign), label);
      button.onclick = () => (this.unfold(false), this.more.focus(), act());
      return button;
    };
    this.#list.replaceChildren(
      item("star", t("rate"), () => this.#actions.rate()),
      item("save", t("transcript"), () => this.#actions.save()),
      item("sound", t(this.#actions.sounds() ? "sound_off" : "sound_on"), () => {
        this.#actions.sound();
        this.#items();
      }),
    );
  }
}
