type Props = Record<string, unknown>;
type Kid = Node | string | null | undefined | boolean;

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Kids that are strings become text nodes: nothing here reads HTML. Styles are set
 * by class only, so that a page without `unsafe-inline` shows the same.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...kids: Kid[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(key.slice(2), value as EventListener);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...kids.filter((kid): kid is Node | string => !!kid && kid !== true));
  return node;
}

const PATHS = {
  chat: "M21 12a8 8 0 0 1-8 8H4l1.8-3.4A8 8 0 1 1 21 12ZM9 10.5h7M9 13.5h4.5",
  close: "M6 6l12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  send: "M12 20V4m-6.5 6.5L12 4l6.5 6.5",
  clip: "m20 11.5-8.2 8.2a5.3 5.3 0 0 1-7.5-7.5l8.4-8.4a3.5 3.5 0 0 1 5 5l-8.4 8.4a1.8 1.8 0 0 1-2.5-2.5l7.7-7.8",
  pass: "m7.5 12.5 3 3 6-7",
  fail: "m8.5 8.5 7 7m0-7-7 7",
  warn: "M12 7.5v5.5m0 3.2v.1",
  skip: "M8 12h8",
  error: "M9.6 9.4a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2 1-1.2 1.8m0 3v.1",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  open: "M14 4h6v6m0-6-9 9M18 14v6H4V6h6",
  save: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15",
  sound: "M5 9.5v5h3.5L13 19V5L8.5 9.5Zm11.5-.5a4 4 0 0 1 0 6m2.5-8.5a8 8 0 0 1 0 11",
  star: "m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9L3.5 9.7l5.9-.8Z",
  offline: "M4 4l16 16M5 12.5a10 10 0 0 1 14 0M8.5 16a5 5 0 0 1 7 0M12 19.5h.01",
} as const;

export type Icon = keyof typeof PATHS;

/** A drawn sign, silent for screen readers: the words are always beside it. */
export function icon(name: Icon): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `i i-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name: Icon, label: string, props: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", "aria-label": label, title: label, ...props }, icon(name));
}
