import type { MailServer, MailSettings } from "../core/protocol";
import { clean } from "../core/safe";
import type { Context } from "./context";
import { h, icon } from "./dom";
import { copyButton } from "./rich";

function line(ctx: Context, name: string, shown: string, whole: string, copies = true): HTMLElement {
  return h(
    "div",
    { class: "row" },
    h("dt", {}, name),
    h("dd", {}, h("bdi", {}, shown), copies && copyButton(ctx, `${whole}: ${name}`, shown)),
  );
}

function server(ctx: Context, one: MailServer): HTMLElement {
  const { t } = ctx.words;
  const protocol = clean(one.protocol).toUpperCase();
  const title = `${t(/smtp/i.test(protocol) ? "outgoing" : "incoming")} (${protocol})`;
  const security = clean(one.security);
  const named = /^(tls|starttls|none)$/.test(security) ? t(security as "tls") : security;
  return h(
    "div",
    { class: "server" },
    h("h5", {}, title),
    h(
      "dl",
      {},
      line(ctx, t("server"), clean(one.host), title),
      line(ctx, t("port"), String(one.port), title),
      line(ctx, t("security"), named, title, false),
    ),
  );
}

/**
 * What to type into a mail program, each value with a button that copies it. In a card (`folded`) it
 * waits behind its title, so that what to do next stays in sight.
 */
export function settingsBlock(ctx: Context, settings: MailSettings, folded = false): HTMLElement {
  const { t } = ctx.words;
  const user = clean(settings.user);
  return h(
    folded ? "details" : "section",
    { class: "settings" },
    folded
      ? h("summary", {}, h("span", { class: "sum" }, t("settings")), icon("down"))
      : h("h4", {}, t("settings")),
    user && h("dl", {}, line(ctx, t("user"), user, t("settings"), /^\S+@\S+$/.test(user))),
    ...(settings.servers ?? []).map((one) => server(ctx, one)),
  );
}
