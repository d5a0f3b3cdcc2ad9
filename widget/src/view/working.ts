import { clean } from "../core/safe";
import { badge } from "./checks";
import type { Context } from "./context";
import { h } from "./dom";

const SHOWN = 4;

/** Tests as they finish, and the three dots of somebody writing. */
export function workingView(ctx: Context): HTMLElement[] {
  const { t } = ctx.words;
  const done = [...ctx.chat.running.values()];
  const out: HTMLElement[] = [];
  if (done.length) {
    const last = done.slice(-SHOWN).map((check) =>
      h(
        "li",
        {},
        badge(ctx, check.status),
        h("span", { class: "what", dir: "auto" }, clean(check.summary) || clean(check.id)),
      ),
    );
    out.push(
      h(
        "div",
        { class: "progress" },
        h("p", {}, h("span", { class: "spin" }), t("checking")),
        h("ul", {}, ...last),
        h("p", { class: "done" }, t("checked", { n: done.length })),
      ),
    );
  } else if (ctx.chat.typing) {
    const state = ctx.chat.log.state;
    const name = state.holder === "person" ? clean(state.name) || t("team") : ctx.botName();
    const dots = h("span", { class: "dots" }, h("i"), h("i"), h("i"));
    out.push(h("div", { class: "typing" }, dots, h("span", {}, t("typing", { name }))));
  }
  return out;
}
