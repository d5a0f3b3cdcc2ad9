import type { ClientFrame, ServerEvent } from "../core/protocol";
import { parse, type Gone, type Open } from "./transport";

const SILENCE_MS = 60_000;

/**
 * Where a proxy does not let WebSockets through: events by a streamed answer (server-sent events,
 * read with fetch because EventSource cannot carry the token), frames by POST, one after the other.
 */
export const openStream: Open = ({ server, token, after }, events) => {
  const stop = new AbortController();
  const headers = { Authorization: `Bearer ${token}` };
  let over = false;
  let silence = 0;
  let queue = Promise.resolve();

  const end = (why: Gone): void => {
    if (over) return;
    over = true;
    clearTimeout(silence);
    stop.abort();
    events.gone(why);
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = window.setTimeout(end, SILENCE_MS, "closed");
  };

  const read = async (): Promise<void> => {
    const answer = await fetch(`${server}/widget/events?after=${after}`, {
      headers: { ...headers, Accept: "text/event-stream" },
      signal: stop.signal,
      cache: "no-store",
    });
    if (!answer.ok || !answer.body) return end(refusal(answer.status));
    heard();
    events.event({ type: "pong" });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return end("closed");
      heard();
      const lines = (rest + value).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = line.startsWith("data:") ? parse(line.slice(5)) : null;
        if (event && !over) events.event(event);
      }
    }
  };

  const post = async (frame: ClientFrame): Promise<void> => {
    if (over) return;
    const answer = await fetch(`${server}/widget/messages`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(frame),
      signal: stop.signal,
    });
    if (answer.status === 401 || answer.status >= 500) return end(refusal(answer.status));
    const body = (await answer.json()) as ServerEvent | { error: object };
    const id = "id" in frame ? frame.id : undefined;
    events.event("error" in body ? ({ id, ...body.error, type: "error" } as ServerEvent) : body);
  };

  const broken = (): void => end("closed");
  read().catch(broken);
  return {
    send(frame) {
      if (frame.type !== "ping") queue = queue.then(() => post(frame)).catch(broken);
    },
    close() {
      over = true;
      clearTimeout(silence);
      stop.abort();
    },
  };
};

const refusal = (status: number): Gone =>
  status === 401 ? "expired" : status === 403 ? "refused" : "closed";
