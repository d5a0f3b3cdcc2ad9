import type { Entry } from "../core/log";
import { bubble } from "./bubble";
import type { Context } from "./context";
import { h, icon } from "./dom";
import { workingView } from "./working";

/** How many messages are drawn at first, and how many more each time one looks further back. */
const STEP = 60;
/** How near to the end counts as reading along, in pixels. */
const NEAR = 80;

interface Drawn {
  entry: Entry;
  failed: string | undefined;
  node: HTMLElement;
}

/** The scrolling list. Only a window of the conversation is in the document. */
export class Messages {
  #drawn = new Map<string, Drawn>();
  #from: number | null = null;
  #items = h("div", { class: "items" });
  #working = h("div", { class: "working" });
  #earlier: HTMLButtonElement;
  #jump: HTMLButtonElement;
  #greeting = h("div", { class: "greeting" });
  #stick = true;
  readonly log: HTMLElement;
  readonly node: HTMLElement;
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    const { t } = ctx.words;
    this.#earlier = h("button", { type: "button", class: "earlier", hidden: true }, t("earlier"));
    this.#earlier.onclick = () => this.#older();
    this.#jump = h("button", { type: "button", class: "jump", hidden: true }, t("newer"), icon("down"));
    this.#jump.onclick = () => (this.toEnd(), this.log.focus({ preventScroll: true }));
    // The list is not a live region: a region of its own reads what is new, and only that.
    this.log = h(
      "div",
      { class: "log", role: "log", "aria-live": "off", "aria-label": t("log"), tabindex: "0" },
      this.#earlier,
      this.#greeting,
      this.#items,
      this.#working,
    );
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.node = h("div", { class: "body" }, this.log, this.#jump);
    // Messages get their true height when they come into sight, pictures when they have loaded.
    const resized = new ResizeObserver(() => this.#stick && this.toEnd());
    for (const part of [this.log, this.#items, this.#working]) resized.observe(part);
  }

  /** Brings the list up to date; `fresh` came just now from the other side. */
  sync(fresh?: Entry): void {
    const all = this.#ctx.chat.log.messages;
    this.#greet(all.length === 0);
    const start = this.#from ?? Math.max(0, all.length - STEP);
    // Once the beginning of the window is fixed it grows at the end only, up to a bound.
    this.#from = this.#stick ? null : start;
    this.#earlier.hidden = start === 0;
    const mine = all.at(-1);
    if (mine && !mine.seq && !this.#drawn.has(mine.id)) this.#stick = true; // said here just now
    this.#place(all.slice(start), all[start - 1]);
    this.#buttons(all);
    // A new one is measured as it is, not by the guess for those out of sight.
    if (fresh) this.#drawn.get(fresh.id)?.node.classList.add("new");
    if (this.#stick) this.toEnd(fresh);
    else if (fresh) this.#jump.hidden = false;
  }

  /** Tests that are running, or somebody writing. */
  work(): void {
    this.#working.replaceChildren(...workingView(this.#ctx));
  }

  redraw(): void {
    this.#drawn.clear();
    this.#items.replaceChildren();
    this.#greeting.replaceChildren();
    this.#earlier.textContent = this.#ctx.words.t("earlier");
    this.#jump.replaceChildren(this.#ctx.words.t("newer"), icon("down"));
    this.log.setAttribute("aria-label", this.#ctx.words.t("log"));
    this.sync();
    this.work();
  }

  toEnd(fresh?: Entry): void {
    const node = fresh && this.#drawn.get(fresh.id)?.node;
    // What is taller than the window is read from its beginning.
    const tall = node && node.offsetHeight > this.log.clientHeight - 16;
    this.log.scrollTop = tall ? node.offsetTop - 8 : this.log.scrollHeight;
    this.#stick = !tall;
    this.#jump.hidden = !tall;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    this.#stick = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#stick) this.#jump.hidden = true;
    if (scrollTop < NEAR && !this.#earlier.hidden && !this.#stick) this.#older();
  }

  #older(): void {
    const log = this.log;
    const now = this.#from ?? Math.max(0, this.#ctx.chat.log.messages.length - STEP);
    const fromEnd = log.scrollHeight - log.scrollTop;
    const held = this.#earlier.matches(":focus");
    this.#stick = false;
    this.#from = Math.max(0, now - STEP);
    this.sync();
    log.scrollTop = log.scrollHeight - fromEnd;
    if (held && this.#earlier.hidden) log.focus({ preventScroll: true });
  }

  #place(entries: Entry[], before: Entry | undefined): void {
    const keep = new Set<string>();
    let last: HTMLElement | null = null;
    for (const entry of entries) {
      keep.add(entry.id);
      const node = this.#draw(entry);
      node.classList.toggle("same", follows(before, entry));
      const day = !before || dayOf(before) !== dayOf(entry) ? this.#ctx.words.day(entry.at) : "";
      if (day) node.dataset.day = day;
      else delete node.dataset.day;
      const next: ChildNode | null = last ? last.nextSibling : this.#items.firstChild;
      if (next !== node) this.#items.insertBefore(node, next);
      last = node;
      before = entry;
    }
    for (const [id, { node }] of this.#drawn) {
      if (keep.has(id)) continue;
      node.remove();
      this.#drawn.delete(id);
    }
  }

  #draw(entry: Entry): HTMLElement {
    const old = this.#drawn.get(entry.id);
    if (old && old.entry === entry && old.failed === entry.failed) return old.node;
    const node = bubble(this.#ctx, entry);
    old?.node.replaceWith(node);
    this.#drawn.set(entry.id, { entry, failed: entry.failed, node });
    return node;
  }

  /** Quick replies of the past are gone; those of a card stay, its next steps stay true. */
  #buttons(all: readonly Entry[]): void {
    const said = all.findLastIndex((entry) => entry.author === "visitor");
    all.forEach((entry, at) => {
      const node = entry.buttons?.length ? this.#drawn.get(entry.id)?.node : null;
      node?.classList.toggle("past", at < said && entry.custom?.type !== "diagnosis");
    });
  }

  #greet(empty: boolean): void {
    if (!empty) return this.#greeting.replaceChildren();
    if (this.#greeting.firstChild) return;
    const { t } = this.#ctx.words;
    const starts = (["start_mail", "start_site", "start_outage"] as const).map((key) => {
      const chip = h("button", { type: "button", class: "chip" }, t(key));
      chip.onclick = () => (this.#ctx.chat.say({ type: "message", text: t(key) }), this.log.focus());
      return chip;
    });
    this.#greeting.append(
      h("div", { class: "msg bot" },
        h("p", { class: "who" }, h("bdi", {}, this.#ctx.botName())),
        h("div", { class: "bubble" }, h("div", { class: "text" }, t("hello"))),
        h("div", { class: "choices" }, ...starts),
      ),
      h("p", { class: "hint" }, t("hello_privacy")),
    );
  }
}

const dayOf = (entry: Entry): string => new Date(entry.at ?? Date.now()).toDateString();

function follows(before: Entry | undefined, entry: Entry): boolean {
  return (
    !!before &&
    before.author === entry.author &&
    before.name === entry.name &&
    dayOf(before) === dayOf(entry) &&
    +new Date(entry.at ?? Date.now()) - +new Date(before.at ?? Date.now()) < 180_000
  );
}
