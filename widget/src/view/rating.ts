import type { Context } from "./context";
import { h, icon } from "./dom";

/** Five stars to press. Buttons, not radios: arrow keys must not send a rating by accident. */
export function ratingView(ctx: Context, done?: () => void): HTMLElement {
  const { t } = ctx.words;
  const box = h("div", { class: "rating", role: "group", "aria-label": t("rate_ask") });
  const stars = [1, 2, 3, 4, 5].map((n) => {
    const button = h("button", { type: "button", "aria-label": t("stars", { n }) }, icon("star"));
    button.onclick = () => {
      ctx.chat.say({ type: "rating", stars: n });
      const thanks = h("p", { tabindex: "-1" }, t("rated"));
      box.replaceChildren(thanks);
      thanks.focus();
      done?.();
    };
    return button;
  });
  box.append(h("p", {}, t("rate_ask")), h("div", { class: "stars" }, ...stars));
  return box;
}
