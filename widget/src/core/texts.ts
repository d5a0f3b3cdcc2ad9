import en from "../../texts/en.json";

export type Key = keyof typeof en;
export type Texts = Record<Key, string>;

/** Written with the script, so that the widget always has words. */
export const english: Texts = en;
const SHIPPED = ["en", "de", "fr", "es", "nl"];
const RTL = /^(ar|arc|dv|fa|ha|he|khw|ks|ku|ps|sd|ur|yi)\b/;

/** `{name}` in a text is replaced; `one|many` is chosen by `n`. */
export function fill(text: string, args: Record<string, string | number> = {}): string {
  const [one = text, many = one] = text.split("|");
  return (args.n === 1 ? one : many).replace(/\{(\w+)\}/g, (_, k: string) => `${args[k] ?? ""}`);
}

export function shipped(lang: string): string {
  const base = lang.toLowerCase().split("-")[0]!;
  return SHIPPED.includes(base) ? base : "en";
}

/** The language asked for by the element, else the page's, else the browser's. */
export function wanted(host: HTMLElement): string {
  return host.getAttribute("lang") || document.documentElement.lang || navigator.language || "en";
}

export function direction(host: HTMLElement): "ltr" | "rtl" {
  const own = host.getAttribute("dir");
  if (own === "rtl" || own === "ltr") return own;
  const page = host.closest("[dir]")?.getAttribute("dir");
  return page === "rtl" || RTL.test(host.getAttribute("lang") ?? "") ? "rtl" : "ltr";
}

/** Other languages come when needed; English stays where one cannot be had. */
export async function load(lang: string, server: string, version: string): Promise<Texts> {
  const name = shipped(lang);
  if (name === "en") return english;
  try {
    const answer = await fetch(`${server}/widget/texts/${name}.json?v=${version}`);
    return answer.ok ? { ...english, ...((await answer.json()) as Partial<Texts>) } : english;
  } catch {
    return english;
  }
}
