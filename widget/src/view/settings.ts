import type { MailServer, MailSettings } from "../core/protocol";
import { clean } from "../core/safe";
import type { Context } from "./context";
import { h } from "./dom";
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

/** What to type into a mail program, each value with a button that copies it. */
export function settingsBlock(ctx: Context, settings: MailSettings): HTMLElement {
  const { t } = ctx.words;
  const user = clean(settings.user);
  const steps = settings.guide?.steps ?? [];
  return h(
    "section",
    { class: "settings" },
    h("h4", {}, t("settings")),
    user && h("dl", {}, line(ctx, t("user"), user, t("settings"))),
    ...(settings.servers ?? []).map((one) => server(ctx, one)),
    steps.length > 0 && h("h5", { dir: "auto" }, clean(settings.guide?.title)),
    steps.length > 0 && h("ol", {}, ...steps.map((step) => h("li", { dir: "auto" }, clean(step)))),
  );
}
