/**
 * Text from anyone: visitors, staff, banners of strangers' servers. It only ever becomes text nodes
 * and links that were parsed and vetted here.
 */

// Bidi overrides can make "moc.evil" read as a known name; other controls have no business in a chat.
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u206f\ufeff]/g;

export function clean(text: unknown): string {
  return typeof text === "string" ? text.replace(HIDDEN, "") : "";
}

/** The address if it may be followed, else null. Relative ones are the gateway's. */
export function safeUrl(raw: unknown, base?: string): string | null {
  if (typeof raw !== "string" || !raw) return null;
  try {
    const url = new URL(raw.trim(), base);
    if (!/^(https?|mailto|tel):$/.test(url.protocol)) return null;
    // https://bank.example@evil.example/ reads as the first and leads to the second
    return url.username || url.password ? null : url.href;
  } catch {
    return null;
  }
}

export interface Piece {
  text: string;
  href?: string;
}

const LINK = /https?:\/\/[^\s<>"'`\u00ab\u00bb\u201c\u201d]+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** Splits text into plain pieces and links; whatever is not surely a link stays text. */
export function pieces(raw: string): Piece[] {
  const text = clean(raw);
  const out: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const found = trim(match[0]);
    const href = safeUrl(/^https?:/i.test(found) ? found : `mailto:${found}`);
    if (!href) continue;
    if (match.index > from) out.push({ text: text.slice(from, match.index) });
    out.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}

/** A full stop or a closing bracket after an address belongs to the sentence. */
function trim(url: string): string {
  let end = url.replace(/[.,;:!?…]+$/, "");
  while (end.endsWith(")") && end.split(")").length > end.split("(").length) end = end.slice(0, -1);
  return end;
}
