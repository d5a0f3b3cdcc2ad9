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

/** A screenshot in the conversation: its name at once, the picture when it has come. */
export function fileView(ctx: Context, part: FilePart): HTMLElement {
  const name = clean(part.name) || "…";
  const box = h("div", { class: "file" }, icon("clip"), h("bdi", {}, name));
  const token = ctx.chat.token;
  if (!part.url || !token) return box;
  picture(ctx.server, token, part.url).then(
    (bitmap) => {
      const canvas = draw(bitmap, 640, 480);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", ctx.words.t("picture", { name }));
      box.replaceChildren(canvas);
    },
    () => undefined, // expired or unreachable: the name stays
  );
  return box;
}
