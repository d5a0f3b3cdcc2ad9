import { clean, pieces, safeUrl } from "../core/safe";
import type { Context } from "./context";
import { h, icon } from "./dom";

/** A link that was vetted; it opens beside the chat and tells the other side nothing of this page. */
export function link(ctx: Context, href: string, ...kids: (Node | string)[]): HTMLAnchorElement {
  const web = /^https?:/.test(href);
  return h(
    "a",
    { href, rel: "noopener noreferrer nofollow", target: web && "_blank" },
    ...kids,
    web && h("span", { class: "sr" }, ` (${ctx.words.t("new_window")})`),
  );
}

/** A message's text as it was written, line breaks and all, with its links made usable. */
export function rich(ctx: Context, text: string): DocumentFragment {
  const out = document.createDocumentFragment();
  for (const piece of pieces(text)) {
    out.append(piece.href ? link(ctx, piece.href, piece.text) : piece.text);
  }
  return out;
}

/** A link whose address came apart from its label; without a safe address only the label. */
export function named(ctx: Context, name: string, url: unknown): Node {
  const href = safeUrl(url, ctx.server);
  const label = h("bdi", {}, clean(name));
  return href ? link(ctx, href, label, icon("open")) : label;
}

/** A button that copies `value` and says so. */
export function copyButton(ctx: Context, what: string, value: string): HTMLButtonElement {
  const { t } = ctx.words;
  const label = h("span", {}, t("copy"));
  const button = h(
    "button",
    { type: "button", class: "copy", "aria-label": t("copy_what", { what }) },
    icon("copy"),
    label,
  );
  button.onclick = async () => {
    await copy(value, button);
    label.textContent = t("copied");
    button.classList.add("done");
    ctx.announce(t("copied_what", { what }));
    setTimeout(() => {
      label.textContent = t("copy");
      button.classList.remove("done");
    }, 2000);
  };
  return button;
}

async function copy(value: string, near: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    // No permission, or not a secure page: the old way, from a field made for the moment.
    const field = h("textarea", { class: "sr", readonly: true });
    field.value = value;
    near.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    near.focus();
  }
}
