import type { StateEvent } from "../core/protocol";
import { clean } from "../core/safe";
import type { Context } from "./context";
import { h, icon, iconButton } from "./dom";

/** The strips between header and conversation: connection, person, and short notices. */
export class Bars {
  readonly offline = h("div", { class: "bar offline", hidden: true });
  readonly holder = h("div", { class: "bar holder", hidden: true });
  readonly notice = h("div", { class: "bar notice", hidden: true });
  readonly node = h("div", { class: "bars" }, this.offline, this.holder, this.notice);
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  online(yes: boolean): void {
    this.offline.replaceChildren(icon("offline"), h("span", {}, this.#ctx.words.t("offline")));
    this.offline.hidden = yes;
  }

  /** What the handover is at, in words; empty while the bot has the talk. */
  describe(state: StateEvent): string {
    const { t } = this.#ctx.words;
    const name = clean(state.name);
    if (state.holder === "person") return name ? t("with_person", { name }) : t("with_team");
    if (state.holder !== "waiting") return "";
    if (state.open_now === false) return t("waiting"); // minutes would mislead outside the hours
    return [
      t("waiting"),
      state.position && t("waiting_place", { position: state.position }),
      state.wait_minutes && t("waiting_minutes", { n: state.wait_minutes }),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  state(state: StateEvent, back: () => void): void {
    const text = this.describe(state);
    this.holder.hidden = !text;
    if (!text) return;
    const button = h("button", { type: "button" }, this.#ctx.words.t("back_to_bot"));
    button.onclick = back;
    this.holder.replaceChildren(
      icon("person"),
      h("span", { dir: "auto" }, text),
      state.holder === "waiting" ? button : "",
    );
  }

  say(text: string): void {
    const shut = iconButton("close", this.#ctx.words.t("close_notice"));
    shut.onclick = () => (this.notice.hidden = true);
    this.notice.replaceChildren(h("span", { dir: "auto" }, clean(text)), shut);
    this.notice.hidden = false;
  }
}
