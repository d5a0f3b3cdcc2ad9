import type { Entry } from "./log";
import { clean } from "./safe";

/** The conversation as plain text, times in the reader's own zone. */
export function transcript(entries: readonly Entry[], name: (entry: Entry) => string): string {
  const lines = entries.map((entry) => {
    const at = entry.at ? new Date(entry.at).toLocaleString() : "";
    const file = entry.custom?.type === "file" ? `[${clean(entry.custom.name)}]` : "";
    return `[${at}] ${name(entry)}: ${clean(entry.text) || file}`;
  });
  return `${lines.join("\n\n")}\n`;
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
