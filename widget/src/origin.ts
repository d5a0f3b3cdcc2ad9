/** The script tag that brought us. Known only while the script runs for the first time. */
const tag =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>("script[src*='widget.js']");

export const script = tag;

/** Where the gateway is: the script came from it. */
export function origin(): string {
  return tag?.src ? new URL(tag.src).origin : location.origin;
}
