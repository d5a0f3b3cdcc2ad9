import type { Diagnosis, Referral } from "../core/protocol";
import { clean, safeUrl } from "../core/safe";
import { checkList, evidence } from "./checks";
import type { Context } from "./context";
import { h, icon, type Icon } from "./dom";
import { link, named, rich } from "./rich";
import { settingsBlock } from "./settings";

/** Sign and colour of a verdict: `ours` needs us, `yours` needs the customer, `fine`, `open`. */
const LOOK: Record<string, [string, Icon]> = {
  host_fault: ["ours", "fail"],
  account: ["yours", "warn"],
  dns: ["yours", "warn"],
  third_party: ["fine", "pass"],
  all_clear: ["fine", "pass"],
};

export function referralList(ctx: Context, referrals: Referral[]): HTMLElement {
  const row = (one: Referral): HTMLElement => {
    const phone = clean(one.phone);
    const tel = safeUrl(`tel:${phone.replace(/[^\d+]/g, "")}`);
    return h(
      "li",
      {},
      named(ctx, one.name, one.url),
      phone && tel && h("p", {}, link(ctx, tel, h("bdi", {}, phone))),
      one.note && h("p", { dir: "auto" }, clean(one.note)),
    );
  };
  return h("ul", { class: "referrals" }, ...referrals.map(row));
}

/** A line of a list in the plain text: the card draws the lists itself. */
const LISTED = /^(- |IMAP: |POP3: |SMTP: )/;

/** What the text says besides its lists: without their lines, or (`whole`) without their headings too. */
export function story(text: string, whole = false): string {
  const paragraphs = text.split(/\n{2,}/).map((part) => {
    const lines = part.split("\n");
    const kept = lines.filter((line) => !LISTED.test(line));
    return whole && kept.length < lines.length ? "" : kept.join("\n");
  });
  return paragraphs.filter(Boolean).join("\n\n");
}

/** A diagnosis: the verdict in one line, what it means, what to do; the evidence folded below. */
export function diagnosisCard(ctx: Context, diagnosis: Diagnosis, text: string): HTMLElement {
  const { words } = ctx;
  const checks = Array.isArray(diagnosis.checks) ? diagnosis.checks : [];
  const steps = diagnosis.next_steps ?? [];
  const referrals = diagnosis.referrals ?? [];
  const [look, sign] = LOOK[diagnosis.verdict] ?? ["open", "error"];
  const headline = clean(diagnosis.headline);
  const said = story(text, true).replace(headline, "").trim();
  const about = [diagnosis.subject?.domain, diagnosis.case && words.t("case", { id: diagnosis.case })];
  const certainty = diagnosis.certainty && words.code("c", diagnosis.certainty);
  const receipt = safeUrl(diagnosis.receipt, ctx.server);
  return h(
    "article",
    { class: `card ${look}` },
    h(
      "header",
      {},
      h("span", { class: "sign" }, icon(sign)),
      h(
        "div",
        {},
        h("h3", {}, words.code("v", diagnosis.verdict)),
        h("p", { class: "meta" }, ...about.filter(Boolean).map((one) => h("bdi", {}, clean(one)))),
      ),
    ),
    headline && h("p", { class: "headline", dir: "auto" }, rich(ctx, headline)),
    said && h("p", { class: "story", dir: "auto" }, rich(ctx, said)),
    evidence(ctx, checks),
    steps.length > 0 && h("h4", {}, words.t("next")),
    steps.length > 0 && h("ol", { class: "steps" }, ...steps.map((s) => h("li", { dir: "auto" }, rich(ctx, s)))),
    referrals.length > 0 && h("h4", {}, words.t("who")),
    referrals.length > 0 && referralList(ctx, referrals),
    diagnosis.settings && settingsBlock(ctx, diagnosis.settings, true),
    checks.length > 0 && checkList(ctx, checks),
    (certainty || receipt) &&
      h(
        "footer",
        {},
        certainty && h("span", {}, certainty),
        receipt && link(ctx, receipt, words.t("receipt"), icon("open")),
      ),
  );
}
