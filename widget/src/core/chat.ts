import { backoff, Link } from "../net/link";
import { openSession, Refused } from "../net/session";
import { Log } from "./log";
import { Outbox } from "./outbox";
import type { Brand, Check, ErrorEvent_, Kept, ServerEvent, SessionAnswer } from "./protocol";
import type { MessageEvent_, StateEvent } from "./protocol";
import type { Stores } from "./store";

/** What the picture on the screen is told. */
export interface Watcher {
  /** Messages changed; `fresh` is one that came just now from the other side. */
  messages(fresh?: MessageEvent_): void;
  state(state: StateEvent, live: boolean): void;
  online(yes: boolean): void;
  working(): void;
  session(answer: SessionAnswer): void;
  trouble(text: string): void;
  acked(frame: Kept): void;
}

export interface Config {
  server: string;
  transport: string | null;
}

/** `Omit` that keeps a union a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** The conversation itself: session, connection, what was said, what is still to be sent. */
export class Chat {
  readonly log = new Log();
  readonly outbox: Outbox;
  readonly running = new Map<string, Check>();
  #link: Link;
  #opening = false;
  #started = false;
  #tries = 0;
  #timer = 0;
  #sent = new Map<string, Kept>();
  #lastTyping = 0;
  #quiet = 0;
  customer: string | null = null;
  brand: Brand = {};
  typing = false;
  conversation = "";
  readonly #config: Config;
  readonly #stores: Stores;
  readonly #watcher: Watcher;

  constructor(
    config: Config,
    stores: Stores,
    watcher: Watcher,
  ) {
    this.#config = config;
    this.#stores = stores;
    this.#watcher = watcher;
    this.outbox = new Outbox(stores.shared);
    this.#link = new Link({
      place: () => ({ server: config.server, token: this.token ?? "", after: this.log.after }),
      only: config.transport,
      event: (event) => this.#receive(event),
      online: (yes) => (watcher.online(yes), yes && this.#flush()),
      expired: () => void this.#open(true),
    });
  }

  get token(): string | null {
    return this.#stores.shared.get("token");
  }

  /** Whether this browser has talked before (then unread messages are worth a connection). */
  get known(): boolean {
    return !!this.token;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const frame of this.outbox.all()) this.#show(frame);
    void this.#open();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#quiet);
    this.#link.dispose();
  }

  /** Somebody has logged in; null: has logged out, and then nothing of the talk stays behind. */
  setCustomer(token: string | null): void {
    const { shared } = this.#stores;
    const leaves = !token && (this.customer || shared.get("signed")); // on a page before, perhaps
    this.customer = token;
    if (leaves) {
      this.outbox.clear();
      shared.set("token", null);
      shared.set("signed", null);
    }
    if (this.#started) void this.#open();
  }

  /** Says something. It is kept until the server has it, whatever happens to the page. */
  say(frame: Without<Kept, "id">, title = ""): void {
    const kept = { ...frame, id: newId() } as Kept;
    this.outbox.add(kept);
    if (title) this.#stores.tab.set(`title ${kept.id}`, title);
    this.#show(kept);
    this.#watcher.messages();
    this.#push(kept);
    this.start();
  }

  /** Sends a refused message once more. */
  retry(id: string): void {
    const kept = this.#sent.get(id);
    if (!kept) return;
    this.log.fail(id, undefined);
    this.outbox.add(kept);
    this.#watcher.messages();
    this.#push(kept);
  }

  /** Lets staff see that something is being written; the bot has no use for it. */
  typed(): void {
    if (this.log.state.holder === "bot" || Date.now() - this.#lastTyping < 3000) return;
    this.#lastTyping = Date.now();
    this.#link.send({ type: "typing" });
  }

  async #open(fresh = false): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    const customer = this.customer;
    clearTimeout(this.#timer);
    try {
      this.#link.stop();
      const answer = await inTurn(() => this.#newSession(fresh));
      this.#tries = 0;
      this.#opening = false;
      if (this.customer !== customer) return void this.#open(); // came or went meanwhile
      this.#welcome(answer);
      this.#link.start();
    } catch (error) {
      this.#opening = false;
      this.#watcher.online(false);
      const wait = error instanceof Refused ? this.#refused(error) : 0;
      if (wait >= 0) this.#timer = window.setTimeout(() => void this.#open(), wait || backoff(this.#tries++));
    }
  }

  /** One tab asks at a time: the second finds the first one's token. */
  async #newSession(fresh: boolean): Promise<SessionAnswer> {
    const { customer } = this;
    const { shared } = this.#stores;
    const answer = await openSession(this.#config.server, fresh ? null : this.token, customer);
    if (customer && !this.customer) return answer; // has logged out meanwhile: it is not kept
    shared.set("token", answer.token);
    if (customer) shared.set("signed", "1");
    return answer;
  }

  /** Milliseconds until the next try; negative: none. */
  #refused(error: Refused): number {
    if (error.said) this.#watcher.trouble(error.said);
    if (error.status === 403) return -1;
    return error.retryAfter * 1000;
  }

  #welcome(answer: SessionAnswer): void {
    if (this.conversation && this.conversation !== answer.conversation) this.log.clear();
    this.conversation = answer.conversation;
    this.brand = answer.brand ?? {};
    for (const event of answer.history) this.log.take(event);
    this.log.complete(answer.seq);
    for (const frame of this.outbox.all()) this.#show(frame);
    this.#watcher.session(answer);
    this.#watcher.state(this.log.state, false);
    this.#watcher.messages();
  }

  #receive(event: ServerEvent): void {
    switch (event.type) {
      case "message":
        return this.#message(event);
      case "state":
        if (this.log.take(event)) this.#watcher.state(event, true);
        return;
      case "progress":
        this.running.set(event.check.id, event.check);
        return this.#work(this.typing);
      case "typing":
        if (!event.on) this.running.clear();
        return this.#work(event.on);
      case "ack":
        return this.#ack(event.id);
      case "error":
        return this.#error(event);
      default:
    }
  }

  #message(event: MessageEvent_): void {
    if (event.author === "visitor") this.outbox.done(event.id);
    if (!this.log.take(event)) return;
    if (event.author !== "visitor") this.running.clear();
    this.#watcher.messages(event.author === "visitor" ? undefined : event);
    this.#watcher.working();
  }

  /** "Somebody is at it", for a minute at most: the end of it may be lost with a connection. */
  #work(on: boolean): void {
    clearTimeout(this.#quiet);
    this.typing = on;
    if (on || this.running.size) this.#quiet = window.setTimeout(() => this.#receive({ type: "typing", on: false }), 60_000);
    this.#watcher.working();
  }

  #ack(id: string): void {
    this.outbox.done(id);
    const frame = this.#sent.get(id);
    this.#sent.delete(id);
    this.#stores.tab.set(`title ${id}`, null);
    if (frame) this.#watcher.acked(frame);
  }

  #error(event: ErrorEvent_): void {
    const text = event.text ?? "";
    if (event.id && event.retry_after) {
      window.setTimeout(() => this.#flush(), event.retry_after * 1000);
    } else if (event.id) {
      this.outbox.done(event.id);
      this.log.fail(event.id, text || event.code);
      this.#watcher.messages();
      return;
    }
    if (text) this.#watcher.trouble(text);
  }

  #flush(): void {
    for (const frame of this.outbox.all()) this.#push(frame);
  }

  #push(frame: Kept): void {
    this.#sent.set(frame.id, frame);
    this.#link.send(frame);
  }

  #show(frame: Kept): void {
    const entry = { type: "message", seq: 0, id: frame.id, author: "visitor" } as const;
    if (frame.type === "message") this.log.pending({ ...entry, text: frame.text });
    const title = this.#stores.tab.get(`title ${frame.id}`);
    if (frame.type === "press" || frame.type === "contact") this.log.pending({ ...entry, text: title ?? "…" });
    if (frame.type === "file") {
      this.log.pending({ ...entry, custom: { type: "file", name: title ?? "" } });
    }
  }
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  // Locks exist on secure pages only; without them two first tabs may start two talks.
  return navigator.locks ? navigator.locks.request("qiq-session", work) : work();
}

function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  // randomUUID exists on secure pages only (RFC 9562, section 5.4 for the shape)
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) =>
    b.toString(16).padStart(2, "0"),
  ).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
