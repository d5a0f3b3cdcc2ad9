import type { Entry } from "../core/log";
import type { Custom } from "../core/protocol";
import { clean } from "../core/safe";
import { diagnosisCard, referralList, story } from "./card";
import { contactForm } from "./contact";
import type { Context } from "./context";
import { h, icon } from "./dom";
import { fileView } from "./image";
import { ratingView } from "./rating";
import { rich } from "./rich";
import { settingsBlock } from "./settings";

/** Who says it, as shown. */
export function nameOf(ctx: Context, entry: Entry): string {
  const { t } = ctx.words;
  if (entry.author === "visitor") return t("you");
  return clean(entry.name) || (entry.author === "staff" ? t("team") : ctx.botName());
}

function part(ctx: Context, custom: Custom): HTMLElement | null {
  switch (custom.type) {
    case "settings":
      return settingsBlock(ctx, custom);
    case "referral":
      return referralList(ctx, custom.referrals ?? []);
    case "file":
      return fileView(ctx, custom);
    case "rating":
      return ratingView(ctx);
    case "contact_form":
      return contactForm(ctx);
    default:
      return null; // a kind of a later version: the text says the same
  }
}

function content(ctx: Context, entry: Entry): (HTMLElement | null | false)[] {
  const custom = entry.custom;
  const whole = clean(entry.text);
  if (custom?.type === "diagnosis") return [diagnosisCard(ctx, custom, whole)];
  const text = /^(settings|referral)$/.test(custom?.type ?? "") ? story(whole) : whole;
  const extra = custom ? part(ctx, custom) : null;
  return [
    !!text && h("div", { class: "text", dir: "auto" }, rich(ctx, text)),
    extra && h("div", { class: "extra" }, extra),
  ];
}

/** Buttons of a message; pressing one says its title and hands back the server's id. */
function choices(ctx: Context, entry: Entry): HTMLElement | null {
  const buttons = entry.buttons ?? [];
  if (!buttons.length) return null;
  const box = h("div", { class: "choices" });
  for (const { id, title } of buttons) {
    const label = clean(title);
    const button = h("button", { type: "button", class: "chip", dir: "auto" }, label);
    button.onclick = () => {
      for (const other of box.querySelectorAll("button")) other.disabled = true;
      ctx.chat.say({ type: "press", button: id }, label);
    };
    box.append(button);
  }
  return box;
}

function fate(ctx: Context, entry: Entry): HTMLElement | null {
  const { t } = ctx.words;
  if (entry.failed) {
    const again = h("button", { type: "button", class: "again" }, t("retry"));
    again.onclick = () => ctx.chat.retry(entry.id);
    const why = entry.failed === "failed" ? "" : ` – ${clean(entry.failed)}`;
    return h("p", { class: "fate bad" }, icon("fail"), t("not_sent") + why, again);
  }
  return entry.seq ? null : h("p", { class: "fate" }, t("waiting_to_send"));
}

/** One message. The time is in the text for all, not only in a hint for those with a mouse. */
export function bubble(ctx: Context, entry: Entry): HTMLElement {
  const wide = /^(diagnosis|settings|referral|contact_form)$/.test(entry.custom?.type ?? "");
  const who = nameOf(ctx, entry);
  return h(
    "div",
    { class: `msg ${entry.author}${wide ? " wide" : ""}`, "data-seq": entry.seq || null },
    h(
      "p",
      { class: "who" },
      h("bdi", {}, who),
      h("time", { datetime: entry.at ?? null }, ctx.words.time(entry.at)),
    ),
    h("div", { class: "bubble" }, ...content(ctx, entry)),
    fate(ctx, entry),
    choices(ctx, entry),
  );
}
