import type { Context } from "./context";
import { h } from "./dom";

/** Nobody is in: where an answer may go to, and when it suits. */
export function contactForm(ctx: Context): HTMLElement {
  const { t } = ctx.words;
  const email = h("input", {
    // not type=email: that refuses or rewrites addresses with letters beyond ASCII
    inputmode: "email",
    pattern: "[^\\s@]+@[^\\s@]+",
    required: true,
    autocomplete: "email",
    maxlength: 254,
  });
  const when = h("input", { maxlength: 200 });
  const form = h(
    "form",
    { class: "contact" },
    h("label", {}, t("contact_email"), email),
    h("label", {}, t("contact_when"), when),
    h("button", { class: "chip" }, t("send")),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    ctx.chat.say({ type: "contact", email: email.value, when: when.value }, email.value);
    for (const control of form.querySelectorAll("input,button")) control.setAttribute("disabled", "");
  };
  return form;
}
