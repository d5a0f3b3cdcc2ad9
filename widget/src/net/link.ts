import type { ClientFrame, ServerEvent } from "../core/protocol";
import { openSocket } from "./socket";
import { openStream } from "./stream";
import type { Place, Transport } from "./transport";

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

export interface LinkOptions {
  place(): Place;
  /** "ws" or "sse" to use one way only (the `transport` attribute). */
  only?: string | null;
  event(event: ServerEvent): void;
  online(yes: boolean): void;
  expired(): void;
}

/** How long to wait before try `n`: doubling, and spread so that a restart is not met by a stampede. */
export function backoff(n: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** n);
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/** Keeps one connection open, by whichever way works, until told to stop. */
export class Link {
  #transport: Transport | null = null;
  #timer = 0;
  #tries = 0;
  #stopped = true;
  live = false;
  readonly #options: LinkOptions;

  constructor(options: LinkOptions) {
    this.#options = options;
    // The network is back, or the person is: do not sit out the waiting time.
    addEventListener("online", this.#now);
    addEventListener("offline", this.#lost);
    document.addEventListener("visibilitychange", this.#now);
  }

  start(): void {
    this.#stopped = false;
    this.#tries = 0;
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#transport?.close();
    this.#transport = null;
    this.live = false;
  }

  dispose(): void {
    this.stop();
    removeEventListener("online", this.#now);
    removeEventListener("offline", this.#lost);
    document.removeEventListener("visibilitychange", this.#now);
  }

  send(frame: ClientFrame): void {
    if (this.live) this.#transport?.send(frame);
  }

  #now = (): void => {
    if (this.#stopped || this.#transport || document.hidden) return;
    this.#tries = 0;
    this.#connect();
  };

  #lost = (): void => {
    const old = this.#transport;
    this.#transport = null;
    old?.close();
    if (old) this.#again();
  };

  #connect(): void {
    clearTimeout(this.#timer);
    this.#transport?.close();
    const only = this.#options.only;
    // Every second try goes the other way, in case something between swallows WebSockets.
    const open = only === "sse" || (only !== "ws" && this.#tries % 2) ? openStream : openSocket;
    const mine: Transport = open(this.#options.place(), {
      event: (event) => {
        if (this.#transport !== mine) return;
        if (!this.live) {
          this.live = true;
          this.#tries = 0;
          this.#options.online(true);
        }
        this.#options.event(event);
      },
      gone: (why) => {
        if (this.#transport !== mine) return;
        this.#transport = null;
        if (why === "closed") return this.#again();
        this.stop();
        this.#options.online(false);
        if (why === "expired") this.#options.expired();
      },
    });
    this.#transport = mine;
  }

  #again(): void {
    if (this.live || !this.#tries) this.#options.online(false);
    this.live = false;
    if (this.#stopped) return;
    this.#timer = window.setTimeout(() => this.#connect(), backoff(this.#tries++));
  }
}
