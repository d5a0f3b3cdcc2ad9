import type { MessageEvent_, StateEvent } from "./protocol";

/** A message as shown. `seq` 0: said here, not yet confirmed by the server. */
export interface Entry extends MessageEvent_ {
  failed?: string;
}

/** How many numbers may be held back waiting for a missing one before it counts as a gap. */
const WINDOW = 64;

/** The conversation, each message once, in the server's order; unconfirmed ones last. */
export class Log {
  #entries: Entry[] = [];
  #ids = new Map<string, Entry>();
  #ahead = new Set<number>();
  #low = 0;
  state: StateEvent = { type: "state", holder: "bot" };
  #stateSeq = 0;

  /** Ask the server for what follows this number: all up to it has been seen. */
  get after(): number {
    return this.#low;
  }

  get messages(): readonly Entry[] {
    return this.#entries;
  }

  /** Takes a numbered event. False: known already. */
  take(event: MessageEvent_ | StateEvent): boolean {
    const seq = event.seq ?? 0;
    if (seq && !this.#mark(seq)) return false;
    if (event.type === "message") return this.#insert(event);
    if (seq && seq < this.#stateSeq) return false;
    this.#stateSeq = Math.max(this.#stateSeq, seq);
    this.state = event;
    return true;
  }

  /** Everything up to `seq` came with the session's history, gaps and all. */
  complete(seq: number): void {
    this.#low = Math.max(this.#low, seq);
    for (const known of this.#ahead) if (known <= this.#low) this.#ahead.delete(known);
    this.#advance();
  }

  /** Something the visitor said here, shown at once. */
  pending(entry: Entry): void {
    if (this.#ids.has(entry.id)) return;
    this.#ids.set(entry.id, entry);
    this.#entries.push(entry);
  }

  fail(id: string, why: string | undefined): Entry | undefined {
    const entry = this.#ids.get(id);
    if (entry && !entry.seq) entry.failed = why;
    return entry;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  drop(id: string): void {
    this.#ids.delete(id);
    this.#entries = this.#entries.filter((e) => e.id !== id);
  }

  clear(): void {
    this.#entries = [];
    this.#ids.clear();
    this.#ahead.clear();
    this.#low = this.#stateSeq = 0;
    this.state = { type: "state", holder: "bot" };
  }

  #mark(seq: number): boolean {
    if (seq <= this.#low || this.#ahead.has(seq)) return false;
    this.#ahead.add(seq);
    // Numbers may be missing for good; do not ask for the same stretch for ever.
    if (this.#ahead.size > WINDOW) this.#low = Math.min(...this.#ahead) - 1;
    this.#advance();
    return true;
  }

  #advance(): void {
    while (this.#ahead.delete(this.#low + 1)) this.#low++;
  }

  #insert(event: MessageEvent_): boolean {
    const known = this.#ids.get(event.id);
    if (known?.seq) return false;
    if (known) this.drop(event.id);
    this.#ids.set(event.id, event);
    let at = this.#entries.length;
    while (at > 0) {
      const before = this.#entries[at - 1]!;
      if (before.seq && before.seq < event.seq) break;
      at--;
    }
    this.#entries.splice(at, 0, event);
    return true;
  }
}
