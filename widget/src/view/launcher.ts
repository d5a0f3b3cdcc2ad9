import { h, icon } from "./dom";
import type { Words } from "./words";

/** The round button in the corner, with the number of unread messages. */
export class Launcher {
  #badge = h("span", { class: "unread", "aria-hidden": "true", hidden: true });
  readonly button = h(
    "button",
    { type: "button", class: "launch", part: "launcher", "aria-expanded": "false", "aria-controls": "panel" },
    icon("chat"),
    icon("close"),
  );
  readonly node = h("div", { class: "corner" }, this.button, this.#badge);
  #n = 0;

  constructor(toggle: () => void) {
    this.button.onclick = toggle;
  }

  show(open: boolean): void {
    this.button.setAttribute("aria-expanded", String(open));
    this.node.classList.toggle("is-open", open);
  }

  /** True: the number changed. */
  unread(n: number, words: Words): boolean {
    const changed = n !== this.#n;
    this.#n = n;
    this.relabel(words);
    return changed;
  }

  relabel(words: Words): void {
    const n = this.#n;
    this.#badge.textContent = n > 99 ? "99+" : String(n);
    this.#badge.hidden = !n;
    const label = n ? words.t("launch_unread", { n }) : words.t("launch");
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
  }
}
