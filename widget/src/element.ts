import { Chat, type Watcher } from "./core/chat";
import type { Kept, MessageEvent_, SessionAnswer, StateEvent } from "./core/protocol";
import { chime } from "./core/sound";
import { stores, type Stores } from "./core/store";
import { direction, english, load, shipped, wanted } from "./core/texts";
import { download, transcript } from "./core/transcript";
import { origin } from "./origin";
import css from "./style/all.css";
import { Announcer } from "./view/announcer";
import { nameOf } from "./view/bubble";
import type { Context } from "./view/context";
import { h } from "./view/dom";
import { Launcher } from "./view/launcher";
import { Panel } from "./view/panel";
import { Words } from "./view/words";

const dark = matchMedia("(prefers-color-scheme: dark)");
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/**
 * `<qiq-chat>`. Attributes: `server`, `lang`, `dir`, `name`, `open`, `theme` (light, dark), `side`
 * (start, end), `transport` (ws, sse), `customer`. Events: qiq:ready, qiq:open, qiq:close,
 * qiq:message, qiq:verdict, qiq:handover, qiq:unread, qiq:connection, qiq:rating.
 */
export class QiqChat extends HTMLElement {
  static observedAttributes = ["lang", "dir", "theme", "name", "customer"];

  #stores!: Stores;
  #chat!: Chat;
  #words = new Words(english, "en");
  #panel!: Panel;
  #launcher!: Launcher;
  #announcer = new Announcer();
  #root!: HTMLElement;
  #server = "";
  #version = "0";
  #up = false;
  #wasOffline = false;
  /** The last word of attribute and call: an old attribute signs nobody in again after a logout. */
  #customer: string | null = null;

  connectedCallback(): void {
    if (this.#up) return;
    this.#up = true;
    this.#server = (this.getAttribute("server") || origin()).replace(/\/$/, "");
    this.#stores = stores(this.#server);
    this.#chat = new Chat(
      { server: this.#server, transport: this.getAttribute("transport") },
      this.#stores,
      this.#watcher(),
    );
    this.#chat.customer = this.#customer;
    this.#build();
    void this.#speak();
    const open = this.#stores.tab.get("open") ?? (this.hasAttribute("open") ? "1" : "");
    if (open) this.#show(true, false);
    else if (this.#chat.known || this.#chat.outbox.all().length) this.#chat.start();
    document.addEventListener("visibilitychange", this.#count);
    dark.addEventListener("change", this.#dress);
    this.#fire("ready", {});
  }

  disconnectedCallback(): void {
    this.#up = false;
    this.#chat.stop();
    document.removeEventListener("visibilitychange", this.#count);
    dark.removeEventListener("change", this.#dress);
    this.shadowRoot?.replaceChildren();
  }

  attributeChangedCallback(name: string, _: string | null, value: string | null): void {
    if (name === "customer") return this.setCustomer(value);
    if (!this.#up) return;
    if (name === "lang") void this.#speak();
    else this.#dress();
  }

  open(): void {
    this.#show(true, true);
  }

  close(): void {
    this.#show(false, true);
  }

  toggle(): void {
    this.#show(!this.isOpen, true);
  }

  get isOpen(): boolean {
    return !this.#panel.node.hidden;
  }

  /** Says something for the visitor and opens the chat, so that they see it. */
  send(text: string): void {
    this.#show(true, false);
    if (text.trim()) this.#chat.say({ type: "message", text });
  }

  /** The signed token of a customer who is logged in on the host's site; null: logged out. */
  setCustomer(token: string | null): void {
    this.#customer = token;
    if (this.#up) this.#chat.setCustomer(token);
  }

  get #brand(): string {
    return this.getAttribute("name") || this.#chat.brand.name || "";
  }

  #build(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: false });
    shadow.adoptedStyleSheets = [sheet];
    const ctx = this.#context();
    this.#panel = new Panel(ctx, this.#actions(ctx), this.#stores.tab);
    this.#launcher = new Launcher(() => this.toggle());
    this.#root = h("div", { class: "root" }, this.#panel.node, this.#launcher.node, this.#announcer.node);
    shadow.replaceChildren(this.#root);
    this.#dress();
  }

  #context(): Context {
    return {
      words: this.#words,
      chat: this.#chat,
      server: this.#server,
      announce: (text) => this.#announcer.say(text),
      trouble: (text) => this.#watcher().trouble(text),
      botName: () => this.#words.t("assistant"),
    };
  }

  #actions(ctx: Context) {
    const { shared } = this.#stores;
    return {
      close: () => this.close(),
      person: () => {
        this.#panel.header.person.disabled = true;
        this.#announcer.say(this.#words.t("person_asked"));
        this.#chat.say({ type: "human" });
        this.#panel.composer.field.focus();
      },
      bot: () => this.#chat.say({ type: "bot" }),
      rate: () => this.#panel.ask(),
      save: () => {
        const text = transcript(this.#chat.log.messages, (entry) => nameOf(ctx, entry));
        download(`chat-${new Date().toISOString().slice(0, 10)}.txt`, text);
      },
      sounds: () => shared.get("sound") === "1",
      sound: () => {
        const on = shared.get("sound") !== "1";
        shared.set("sound", on ? "1" : null);
        if (on) chime();
        return on;
      },
    };
  }

  #watcher(): Watcher {
    return {
      messages: (fresh) => {
        this.#panel.messages.sync(fresh);
        if (fresh) this.#arrived(fresh);
        this.#count();
      },
      state: (state, live) => this.#held(state, live),
      online: (yes) => this.#connection(yes),
      working: () => this.#panel.messages.work(),
      session: (answer) => this.#welcomed(answer),
      trouble: (text) => {
        this.#panel.bars.say(text);
        this.#announcer.say(text);
      },
      acked: (frame) => this.#taken(frame),
    };
  }

  #welcomed(answer: SessionAnswer): void {
    this.#dress();
    if (answer.texts_version && answer.texts_version !== this.#version) {
      this.#version = answer.texts_version;
      if (shipped(wanted(this)) !== "en") void this.#speak();
    }
  }

  #arrived(entry: MessageEvent_): void {
    this.#announcer.say(this.#panel.spoken(entry));
    if (this.#stores.shared.get("sound") === "1") chime();
    this.#fire("message", { id: entry.id, author: entry.author, text: entry.text ?? "" });
    if (entry.custom?.type === "diagnosis") this.#fire("verdict", { ...entry.custom });
  }

  #held(state: StateEvent, live: boolean): void {
    this.#panel.state(state, this.#brand, () => this.#chat.say({ type: "bot" }));
    if (!live) return;
    this.#announcer.say(this.#panel.bars.describe(state) || this.#words.t("assistant"));
    this.#fire("handover", { holder: state.holder, name: state.name ?? null });
  }

  #connection(yes: boolean): void {
    this.#panel.bars.online(yes);
    if (yes === !this.#wasOffline) return;
    this.#wasOffline = !yes;
    this.#announcer.say(this.#words.t(yes ? "online" : "offline"));
    this.#fire("connection", { online: yes });
  }

  #taken(frame: Kept): void {
    if (frame.type === "rating") this.#fire("rating", { stars: frame.stars });
    if (frame.type === "human") this.#panel.header.person.disabled = false;
  }

  #show(open: boolean, focus: boolean): void {
    if (!this.#up) return;
    const was = this.isOpen;
    this.#stores.tab.set("open", open ? "1" : "");
    this.#panel.show(open);
    this.#launcher.show(open);
    if (open) this.#chat.start();
    this.#count();
    if (focus && open) this.#panel.composer.field.focus();
    if (focus && !open) this.#launcher.button.focus();
    if (was !== open) this.#fire(open ? "open" : "close", {});
  }

  /** What is on the screen counts as read, here and in the other tabs; the rest is counted. */
  #count = (): void => {
    const { messages } = this.#chat.log;
    const key = `read ${this.#chat.conversation}`;
    const last = messages.reduce((max, entry) => Math.max(max, entry.seq), 0);
    const seen = this.isOpen && !document.hidden;
    if (seen && last > Number(this.#stores.shared.get(key))) this.#stores.shared.set(key, `${last}`);
    const read = Number(this.#stores.shared.get(key));
    const unread = messages.filter(
      (entry) => entry.seq > read && (entry.author === "bot" || entry.author === "staff"),
    ).length;
    if (this.#launcher.unread(unread, this.#words)) this.#fire("unread", { count: unread });
  };

  async #speak(): Promise<void> {
    const lang = wanted(this);
    const texts = await load(lang, this.#server, this.#version);
    if (wanted(this) !== lang || !this.#up) return; // changed again meanwhile
    this.#words.texts = texts;
    this.#words.lang = texts === english ? "en" : lang;
    this.#dress();
    this.#panel.messages.redraw();
    this.#panel.composer.relabel();
  }

  /** Everything that depends on language, direction, theme and brand, but the messages. */
  #dress = (): void => {
    this.#root.lang = shipped(this.#words.lang);
    this.#root.dir = direction(this);
    this.#root.dataset.theme = this.getAttribute("theme") || (dark.matches ? "dark" : "light");
    this.#root.classList.toggle("start", this.getAttribute("side") === "start");
    this.#panel.state(this.#chat.log.state, this.#brand, () => this.#chat.say({ type: "bot" }));
    this.#launcher.relabel(this.#words);
    if (!this.#panel.bars.offline.hidden) this.#panel.bars.online(false);
  };

  #fire(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(`qiq:${name}`, { detail, bubbles: true, composed: true }));
  }
}
