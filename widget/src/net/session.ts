import type { SessionAnswer } from "../core/protocol";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly said: string,
    readonly retryAfter: number,
  ) {
    super(`${status}`);
  }
}

interface Refusal {
  error?: { text?: string; retry_after?: number };
}

async function answerOf<T>(answer: Response): Promise<T> {
  if (answer.ok) return (await answer.json()) as T;
  const said = ((await answer.json().catch(() => ({}))) as Refusal).error ?? {};
  throw new Refused(answer.status, said.text ?? "", said.retry_after ?? 0);
}

/** Asks for a session: the old one continued where its token still holds, else a new one. */
export async function openSession(
  server: string,
  token: string | null,
  customer: string | null,
): Promise<SessionAnswer> {
  const answer = await fetch(`${server}/widget/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    // The page without its query: that may hold what is nobody's business.
    body: JSON.stringify({ token, customer, page: location.origin + location.pathname }),
  });
  return answerOf<SessionAnswer>(answer);
}

/** Uploads a picture; the answer is the id to send in a `file` frame. */
export async function upload(server: string, token: string, file: Blob, name: string): Promise<string> {
  const body = new FormData();
  body.append("file", file, name);
  const answer = await fetch(`${server}/widget/files`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body,
  });
  return (await answerOf<{ file: string }>(answer)).file;
}

/** A picture of this conversation. The token goes to the gateway and to nobody else. */
export async function picture(server: string, token: string, path: string): Promise<ImageBitmap> {
  const url = new URL(path, server);
  if (url.origin !== new URL(server).origin) throw new Refused(403, "", 0);
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Refused(answer.status, "", 0);
  return createImageBitmap(await answer.blob());
}
