import type { Check, Status } from "../core/protocol";
import { clean } from "../core/safe";
import type { Context } from "./context";
import { h, icon } from "./dom";

const ORDER: Status[] = ["fail", "warn", "error", "skip", "pass"];

const known = (status: string): Status =>
  ORDER.includes(status as Status) ? (status as Status) : "error";

/** Colour, shape and words, so that none of them is needed alone. */
export function badge(ctx: Context, raw: string): HTMLElement {
  const status = known(raw);
  return h("span", { class: `badge ${status}` }, icon(status), ctx.words.code("s", status));
}

/** What a check found. Its words may quote a stranger's server: text only, no links. */
function row(ctx: Context, check: Check): HTMLElement {
  return h(
    "li",
    { class: "check" },
    badge(ctx, check.status),
    h("span", { class: "what", dir: "auto" }, clean(check.summary) || clean(check.id)),
    check.target && h("bdi", { class: "target" }, clean(check.target)),
  );
}

/** All checks, the bad ones first, folded behind a count of each kind. */
export function checkList(ctx: Context, checks: Check[]): HTMLElement {
  const rank = (check: Check): number => ORDER.indexOf(known(check.status));
  const sorted = [...checks].sort((a, b) => rank(a) - rank(b));
  const counts = ORDER.map((status) => {
    const n = checks.filter((c) => known(c.status) === status).length;
    return n && h("span", { class: `badge ${status}` }, icon(status), `${n} ${ctx.words.code("s", status)}`);
  });
  return h(
    "details",
    { class: "checks" },
    h(
      "summary",
      {},
      h("span", { class: "sum" }, ctx.words.t("tests", { n: checks.length })),
      h("span", { class: "counts" }, ...counts.filter((c) => c !== 0)),
      icon("down"),
    ),
    h("ul", {}, ...sorted.map((check) => row(ctx, check))),
  );
}

/** The ones that explain the verdict, shown without unfolding. */
export function evidence(ctx: Context, checks: Check[]): HTMLElement | null {
  const bad = checks.filter((c) => known(c.status) === "fail").slice(0, 3);
  return bad.length ? h("ul", { class: "evidence" }, ...bad.map((check) => row(ctx, check))) : null;
}
