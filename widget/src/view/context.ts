import type { Chat } from "../core/chat";
import type { Words } from "./words";

/** What the drawing parts need from their surroundings. */
export interface Context {
  words: Words;
  chat: Chat;
  server: string;
  /** Reads a sentence to screen readers, once. */
  announce(text: string): void;
  /** Shows a short notice above the composer. */
  trouble(text: string): void;
  /** The name messages of the bot are shown under. */
  botName(): string;
}
