import { h } from "./dom";

/**
 * The one live region. It starts empty, holds only what is new and forgets it again, so that
 * nothing is read twice and no history is ever read.
 */
export class Announcer {
  readonly node = h("div", { class: "sr", role: "status", "aria-live": "polite" });

  say(text: string): void {
    const line = h("p", {}, text);
    this.node.append(line);
    setTimeout(() => line.remove(), 10_000);
  }
}
