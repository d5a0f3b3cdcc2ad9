import type { Kept } from "./protocol";
import type { Box } from "./store";

/**
 * What was said and not yet acknowledged, in the order it was said. One storage key for each frame:
 * two tabs never overwrite each other, and a frame sent by both is stored once by the server.
 */
export class Outbox {
  #last = 0;
  readonly #box: Box;

  constructor(box: Box) {
    this.#box = box;
  }

  add(frame: Kept): void {
    // A clock that stands still or jumps back must not change the order.
    this.#last = Math.max(Date.now(), this.#last + 1);
    this.#box.set(`out ${this.#last} ${frame.id}`, JSON.stringify(frame));
  }

  all(): Kept[] {
    const frames: [number, Kept][] = [];
    for (const key of this.#box.keys()) {
      const stamp = Number(/^out (\d+) /.exec(key)?.[1]);
      const value = stamp ? this.#box.get(key) : null;
      if (value) frames.push([stamp, JSON.parse(value) as Kept]);
    }
    return frames.sort((a, b) => a[0] - b[0]).map(([, frame]) => frame);
  }

  done(id: string): void {
    for (const key of this.#box.keys()) if (key.endsWith(` ${id}`)) this.#box.set(key, null);
  }

  clear(): void {
    for (const key of this.#box.keys()) if (key.startsWith("out ")) this.#box.set(key, null);
  }
}
