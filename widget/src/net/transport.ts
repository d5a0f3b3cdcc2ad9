import type { ClientFrame, ServerEvent } from "../core/protocol";

export type Gone = "closed" | "expired" | "refused";

export interface Events {
  /** An event came; the first one of a connection proves that it works. */
  event(event: ServerEvent): void;
  /** The connection is over; called once. */
  gone(why: Gone): void;
}

export interface Transport {
  send(frame: ClientFrame): void;
  close(): void;
}

export interface Place {
  server: string;
  token: string;
  after: number;
}

export type Open = (place: Place, events: Events) => Transport;

export function parse(data: string): ServerEvent | null {
  try {
    const event: unknown = JSON.parse(data);
    return event && typeof event === "object" && "type" in event ? (event as ServerEvent) : null;
  } catch {
    return null; // half a frame from a broken proxy: the replay brings it whole
  }
}
