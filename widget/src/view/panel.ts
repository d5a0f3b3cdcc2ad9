import type { Entry } from "../core/log";
import type { StateEvent } from "../core/protocol";
import { clean } from "../core/safe";
import type { Box } from "../core/store";
import { Bars } from "./bars";
import { nameOf } from "./bubble";
import { Composer } from "./composer";
import type { Context } from "./context";
import { h } from "./dom";
import { Header, type Actions } from "./header";
import { Messages } from "./messages";
import { ratingView } from "./rating";

/** Narrow or low windows show the chat alone: then it is a dialog that keeps the focus. */
const ALONE = "(max-width: 480px), (max-height: 480px)";

/** The chat window: header, strips, conversation, composer. */
export class Panel {
  readonly header: Header;
  readonly bars: Bars;
  readonly messages: Messages;
  readonly composer: Composer;
  readonly node: HTMLElement;
  #rating = h("div", { class: "ask", hidden: true });
  readonly #ctx: Context;

  constructor(
    ctx: Context,
    actions: Actions,
    drafts: Box,
  ) {
    this.#ctx = ctx;
    this.header = new Header(ctx.words, actions);
    this.bars = new Bars(ctx);
    this.messages = new Messages(ctx);
    this.composer = new Composer(ctx, drafts);
    this.node = h(
      "section",
      { class: "panel", part: "panel", id: "panel", role: "dialog", hidden: true, "aria-labelledby": "title" },
      this.header.node,
      this.bars.node,
      this.messages.node,
      this.#rating,
      this.composer.node,
    );
    this.node.onkeydown = (event) => this.#key(event, actions);
  }

  /** Whether the panel covers the page. */
  get #alone(): boolean {
    return matchMedia(ALONE).matches;
  }

  show(open: boolean): void {
    this.node.hidden = !open;
    this.node.setAttribute("aria-modal", String(open && this.#alone));
    if (!open) return;
    this.messages.toEnd();
    this.composer.fit();
  }

  state(state: StateEvent, name: string, back: () => void): void {
    const { t } = this.#ctx.words;
    this.bars.state(state, back);
    const person = state.holder === "person" && (clean(state.name) || t("team"));
    this.header.show(name, person || t("subtitle"));
    this.header.person.hidden = state.holder !== "bot";
    this.header.person.disabled = false;
  }

  ask(): void {
    const view = ratingView(this.#ctx, () => setTimeout(() => this.#closeAsk(), 4000));
    this.#rating.replaceChildren(view);
    this.#rating.hidden = false;
    view.querySelector("button")?.focus();
  }

  /** The sentence a screen reader hears for a new message. */
  spoken(entry: Entry): string {
    const { words } = this.#ctx;
    const custom = entry.custom;
    const verdict = custom?.type === "diagnosis" ? `${words.code("v", custom.verdict)}. ` : "";
    return words.t("says", { name: nameOf(this.#ctx, entry), text: verdict + clean(entry.text) });
  }

  #closeAsk(): void {
    const held = this.#rating.contains((this.node.getRootNode() as ShadowRoot).activeElement);
    this.#rating.hidden = true;
    this.#rating.replaceChildren();
    if (held) this.composer.field.focus();
  }

  #key(event: KeyboardEvent, actions: Actions): void {
    if (event.key === "Escape") {
      if (!this.#rating.hidden) return this.#closeAsk();
      event.stopPropagation();
      actions.close();
    } else if (event.key === "Tab" && this.#alone) this.#hold(event);
  }

  /** Keeps Tab inside while the panel hides the page, so that focus is never out of sight. */
  #hold(event: KeyboardEvent): void {
    const stops = [...this.node.querySelectorAll<HTMLElement>("button,a[href],textarea,summary,[tabindex='0']")];
    const seen = stops.filter((el) => el.getClientRects().length > 0 && !el.matches(":disabled"));
    const [first, last] = [seen[0], seen.at(-1)];
    const now = (this.node.getRootNode() as ShadowRoot).activeElement;
    if (now !== (event.shiftKey ? first : last)) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}
