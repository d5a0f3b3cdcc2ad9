import { QiqChat } from "./element";
import { script } from "./origin";

type Command = [name: string, ...args: unknown[]];

const COMMANDS = ["open", "close", "toggle", "send", "setCustomer"] as const;

/**
 * `window.qiq`: the page may push commands before the script has come (`qiq.push(["open"])`);
 * afterwards it also has the methods themselves (`qiq.open()`).
 */
function api(chat: QiqChat): void {
  const page = window as unknown as { qiq?: Command[] };
  const early = Array.isArray(page.qiq) ? page.qiq : [];
  const run = ([name, ...args]: Command): void => {
    const known = COMMANDS.find((command) => command === name);
    if (known) (chat[known] as (...a: unknown[]) => void)(...args);
    else console.error(`qiq: no command "${name}"; there are ${COMMANDS.join(", ")}.`);
  };
  const methods = COMMANDS.map((name) => [name, (...args: unknown[]) => run([name, ...args])]);
  page.qiq = { push: run, element: chat, ...Object.fromEntries(methods) } as never;
  early.forEach(run);
}

/** The page's own `<qiq-chat>`, or one made from the script tag's `data-` attributes. */
function place(): void {
  let chat = document.querySelector<QiqChat>("qiq-chat");
  if (!chat) {
    if (script?.dataset.manual !== undefined) return;
    chat = document.createElement("qiq-chat") as QiqChat;
    for (const [name, value] of Object.entries(script?.dataset ?? {})) chat.setAttribute(name, value ?? "");
    document.body.append(chat);
  }
  api(chat);
}

if (!customElements.get("qiq-chat")) {
  customElements.define("qiq-chat", QiqChat);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
}
