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

/** Lines of the message that the card does not already say in a list of its own. */
function story(diagnosis: Diagnosis, text: string, headline: string): string {
  const said = [
    headline,
    diagnosis.receipt ?? "",
    ...(diagnosis.next_steps ?? []),
    ...(diagnosis.checks ?? []).map((check) => check.summary ?? ""),
  ].filter(Boolean);
  const bare = (line: string): string => line.replace(/^[\s\-–•*\d.)]+/, "").trim();
  const lines = text.split("\n").filter((line) => !said.some((s) => bare(line) === bare(s)));
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
}

/** A diagnosis: the verdict in one line, what it means, what to do; the evidence folded below. */
export function diagnosisCard(ctx: Context, diagnosis: Diagnosis, text: string): HTMLElement {
  const { words } = ctx;
  const checks = Array.isArray(diagnosis.checks) ? diagnosis.checks : [];
  const steps = diagnosis.next_steps ?? [];
  const referrals = diagnosis.referrals ?? [];
  const [look, sign] = LOOK[diagnosis.verdict] ?? ["open", "error"];
  const headline = clean(diagnosis.headline) || clean(text).split("\n")[0]!;
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
    body(ctx, story(diagnosis, clean(text), headline)),
    evidence(ctx, checks),
    steps.length > 0 && h("h4", {}, words.t("next")),
    steps.length > 0 && h("ol", { class: "steps" }, ...steps.map((s) => h("li", { dir: "auto" }, rich(ctx, s)))),
    diagnosis.settings && settingsBlock(ctx, diagnosis.settings),
    referrals.length > 0 && h("h4", {}, words.t("who")),
    referrals.length > 0 && referralList(ctx, referrals),
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

function body(ctx: Context, text: string): HTMLElement | null {
  return text ? h("p", { class: "story", dir: "auto" }, rich(ctx, text)) : null;
}
