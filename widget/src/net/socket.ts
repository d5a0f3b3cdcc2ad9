import { parse, type Open } from "./transport";

const PING_MS = 25_000;
const SILENCE_MS = 10_000;

/** The usual way: one WebSocket. A phone that slept leaves dead ones, hence the ping. */
export const openSocket: Open = ({ server, token, after }, events) => {
  const socket = new WebSocket(server.replace(/^http/, "ws") + "/widget/ws");
  let deadline = 0;
  let over = false;
  const end = (code: number): void => {
    if (over) return;
    over = true;
    clearInterval(beat);
    clearTimeout(deadline);
    events.gone(code === 4401 ? "expired" : code === 4403 ? "refused" : "closed");
  };
  const ask = (): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send('{"type":"ping"}');
    clearTimeout(deadline);
    deadline = window.setTimeout(() => (socket.close(), end(0)), SILENCE_MS);
  };
  const beat = window.setInterval(ask, PING_MS);
  deadline = window.setTimeout(() => (socket.close(), end(0)), SILENCE_MS);
  socket.onopen = () => {
    socket.send(JSON.stringify({ type: "hello", token, after }));
    ask();
  };
  socket.onmessage = ({ data }) => {
    clearTimeout(deadline);
    const event = over ? null : parse(String(data));
    if (event) events.event(event);
  };
  socket.onclose = ({ code }) => end(code);
  return {
    send: (frame) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame)),
    close() {
      over = true;
      clearInterval(beat);
      clearTimeout(deadline);
      socket.close();
    },
  };
};
