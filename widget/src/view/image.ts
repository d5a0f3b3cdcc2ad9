import { clean } from "../core/safe";
import { picture } from "../net/session";
import type { FilePart } from "../core/protocol";
import type { Context } from "./context";
import { h, icon } from "./dom";

/** Draws a bitmap no larger than asked; a canvas needs no `img-src` rule on the host's page. */
export function draw(bitmap: ImageBitmap, width: number, height: number): HTMLCanvasElement {
  const scale = Math.min(1, width / bitmap.width, height / bitmap.height);
  const canvas = h("canvas", {
    width: Math.max(1, Math.round(bitmap.width * scale)),
    height: Math.max(1, Math.round(bitmap.height * scale)),
  });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function enlarge(ctx: Context, bitmap: ImageBitmap, label: string, near: HTMLElement): void {
  const large = draw(bitmap, 1600, 1600);
  large.setAttribute("role", "img");
  large.setAttribute("aria-label", label);
  const shut = h("button", { type: "button", class: "shut" }, icon("close"), ctx.words.t("close_picture"));
  const dialog = h("dialog", { class: "large", "aria-label": label }, shut, large);
  shut.onclick = () => dialog.close();
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onclose = () => (dialog.remove(), near.focus());
  // The panel closes on Escape: this one is for the picture alone.
  dialog.onkeydown = (event) => event.stopPropagation();
  near.after(dialog);
  dialog.showModal();
}

/** A screenshot in the conversation: its name at once, the picture when it has come. */
export function fileView(ctx: Context, part: FilePart): HTMLElement {
  const name = clean(part.name) || "…";
  const box = h("div", { class: "file" }, icon("clip"), h("bdi", {}, name));
  const token = ctx.chat.token;
  if (!part.url || !token) return box;
  picture(ctx.server, token, part.url).then(
    (bitmap) => {
      const label = ctx.words.t("picture", { name });
      const open = h("button", { type: "button", "aria-label": ctx.words.t("enlarge", { name }) });
      open.append(draw(bitmap, 240, 180));
      open.onclick = () => enlarge(ctx, bitmap, label, open);
      box.replaceChildren(open);
    },
    () => undefined, // expired or unreachable: the name stays
  );
  return box;
}
