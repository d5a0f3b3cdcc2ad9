import { isPicture, MAX_BYTES } from "../core/picture";
import { clean } from "../core/safe";
import type { Box } from "../core/store";
import { Refused, upload } from "../net/session";
import type { Context } from "./context";
import { h, icon, iconButton } from "./dom";
import { draw } from "./image";

/** Where one writes. What is half written survives a reload and a lost connection. */
export class Composer {
  readonly field: HTMLTextAreaElement;
  readonly node: HTMLFormElement;
  #tray = h("div", { class: "tray", hidden: true });
  #picker = h("input", { type: "file", accept: "image/png,image/jpeg,image/webp", hidden: true });
  #send: HTMLButtonElement;
  #attach: HTMLButtonElement;
  #file: File | null = null;
  readonly #ctx: Context;
  readonly #drafts: Box;

  constructor(
    ctx: Context,
    drafts: Box,
  ) {
    this.#ctx = ctx;
    this.#drafts = drafts;
    const { t } = ctx.words;
    this.field = h("textarea", { rows: 1, "aria-label": t("write"), placeholder: t("write"), dir: "auto" });
    this.#send = h("button", { class: "send", "aria-label": t("send"), title: t("send") }, icon("send"));
    this.#attach = iconButton("clip", t("attach"), { class: "attach" });
    this.node = h("form", { class: "composer" }, this.#tray, this.#picker, this.#attach, this.field, this.#send);
    this.field.value = drafts.get("draft") ?? "";
    this.#listen();
  }

  relabel(): void {
    const { t } = this.#ctx.words;
    this.field.placeholder = t("write");
    for (const [node, key] of [[this.field, "write"], [this.#send, "send"], [this.#attach, "attach"]] as const) {
      node.setAttribute("aria-label", t(key));
      if (node !== this.field) node.title = t(key);
    }
  }

  /** The field grows with what is written, up to its largest height in the style sheet. */
  fit(): void {
    this.field.rows = Math.min(6, this.field.value.split("\n").length);
    while (this.field.rows < 6 && this.field.scrollHeight > this.field.clientHeight + 2) this.field.rows++;
  }

  #listen(): void {
    const { field } = this;
    const picker = this.#picker;
    field.oninput = () => {
      this.#drafts.set("draft", field.value || null);
      this.#ctx.chat.typed();
      this.fit();
    };
    field.onkeydown = (event) => {
      // Enter also ends the choice of a character in Chinese or Japanese: not a reason to send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#submit();
    };
    field.onpaste = (event) => {
      const file = event.clipboardData?.files[0];
      if (file) (event.preventDefault(), void this.take(file));
    };
    this.node.onsubmit = (event) => (event.preventDefault(), void this.#submit());
    this.#attach.onclick = () => picker.click();
    picker.onchange = () => {
      const file = picker.files?.[0];
      picker.value = "";
      if (file) void this.take(file);
    };
  }

  /** Puts a picture beside the text, to be sent with it. */
  async take(file: File): Promise<void> {
    const { t } = this.#ctx.words;
    if (file.size > MAX_BYTES) return this.#ctx.trouble(t("file_big", { mb: MAX_BYTES / 1e6 }));
    const bitmap = (await isPicture(file)) && (await createImageBitmap(file).catch(() => null));
    if (!bitmap) return this.#ctx.trouble(t("file_type"));
    const name = clean(file.name);
    const remove = iconButton("close", t("remove", { name }));
    remove.onclick = () => (this.#drop(), this.field.focus());
    this.#file = file;
    this.#tray.replaceChildren(draw(bitmap, 64, 48), h("bdi", {}, name), remove);
    this.#tray.hidden = false;
    this.field.focus();
  }

  #drop(): void {
    this.#file = null;
    this.#tray.hidden = true;
    this.#tray.replaceChildren();
  }

  async #submit(): Promise<void> {
    const text = this.field.value.replace(/\s+$/, "");
    if (this.#file && !(await this.#sendFile(this.#file))) return;
    if (text.trim()) {
      this.#ctx.chat.say({ type: "message", text });
      this.field.value = "";
      this.#drafts.set("draft", null);
      this.fit();
    }
    this.field.focus();
  }

  async #sendFile(file: File): Promise<boolean> {
    const { chat, words, server } = this.#ctx;
    if (this.#tray.classList.contains("busy")) return false;
    this.#tray.classList.add("busy");
    this.#ctx.announce(words.t("sending"));
    try {
      const id = await upload(server, chat.token ?? "", file, file.name);
      this.#drop();
      chat.say({ type: "file", file: id }, clean(file.name));
      return true;
    } catch (error) {
      const said = error instanceof Refused && error.said;
      this.#ctx.trouble(said || words.t("file_failed"));
      return false; // the picture stays in its place, to be sent again
    } finally {
      this.#tray.classList.remove("busy");
    }
  }
}
