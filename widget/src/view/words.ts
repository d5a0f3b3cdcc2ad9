import { fill, type Key, type Texts } from "../core/texts";

/** The words of the language in use; exchanged when another one has been loaded. */
export class Words {
  constructor(
    public texts: Texts,
    public lang: string,
  ) {}

  /** A text with its arguments filled in. */
  t = (key: Key, args?: Record<string, string | number>): string => fill(this.texts[key], args);

  /** A text whose key comes from the server; the code itself where there is none. */
  code(prefix: string, code: string): string {
    return this.texts[`${prefix}_${code}` as Key] ?? code;
  }

  time(at: string | undefined): string {
    return this.#format(at, { hour: "2-digit", minute: "2-digit" });
  }

  day(at: string | undefined): string {
    const date = at ? new Date(at) : new Date();
    const days = (midnight(new Date()) - midnight(date)) / 86_400_000;
    if (Math.round(days) === 0) return this.t("today");
    if (Math.round(days) === 1) return this.t("yesterday");
    return this.#format(at, { day: "numeric", month: "long", year: "numeric" });
  }

  #format(at: string | undefined, options: Intl.DateTimeFormatOptions): string {
    const date = at ? new Date(at) : new Date();
    // The reader's own habits (12 or 24 hours) where the language is the same.
    const locale = [navigator.language, this.lang].find((l) => l.startsWith(this.lang.slice(0, 2)));
    return isNaN(+date) ? "" : new Intl.DateTimeFormat(locale, options).format(date);
  }
}

const midnight = (date: Date): number => new Date(date).setHours(0, 0, 0, 0);
