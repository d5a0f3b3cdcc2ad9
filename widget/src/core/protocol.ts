/** The frames of docs/interfaces.md, "Widget ⇄ gateway". What comes in is a stranger's until read. */

export type Status = "pass" | "warn" | "fail" | "skip" | "error";

export interface Check {
  id: string;
  target?: string;
  status: Status;
  summary?: string;
  ms?: number;
}

export interface Referral {
  id?: string;
  name: string;
  url?: string | null;
  phone?: string | null;
  kind?: string;
  note?: string | null;
}

export interface MailServer {
  protocol: string;
  host: string;
  port: number;
  security: string;
}

export interface MailSettings {
  type?: "settings";
  user?: string | null;
  servers?: MailServer[];
}

export interface Diagnosis {
  type: "diagnosis";
  case?: string;
  subject?: { domain?: string; service?: string };
  verdict: string;
  party?: string;
  cause?: string;
  certainty?: string;
  headline?: string;
  checks?: Check[];
  next_steps?: string[];
  referrals?: Referral[];
  settings?: MailSettings | null;
  ticket?: { id?: string; state?: string } | null;
  receipt?: string | null;
}

export interface FilePart {
  type: "file";
  name?: string;
  url?: string;
  media_type?: string;
  size?: number;
}

export type Custom =
  | Diagnosis
  | FilePart
  | (MailSettings & { type: "settings" })
  | { type: "referral"; referrals?: Referral[] }
  | { type: "rating" }
  | { type: "contact_form" };

export interface Button {
  id: string;
  title: string;
}

export type Author = "visitor" | "bot" | "staff" | "system";

export interface MessageEvent_ {
  type: "message";
  seq: number;
  id: string;
  author: Author;
  name?: string | null;
  text?: string | null;
  buttons?: Button[] | null;
  custom?: Custom | null;
  at?: string;
}

export type Holder = "bot" | "waiting" | "person";

export interface StateEvent {
  type: "state";
  seq?: number;
  holder: Holder;
  name?: string | null;
  position?: number | null;
  wait_minutes?: number | null;
  open_now?: boolean;
}

export interface ErrorEvent_ {
  type: "error";
  id?: string;
  code: string;
  text?: string;
  retry_after?: number;
}

export type ServerEvent =
  | MessageEvent_
  | StateEvent
  | ErrorEvent_
  | { type: "progress"; check: Check }
  | { type: "typing"; on: boolean }
  | { type: "ack"; id: string; seq?: number }
  | { type: "pong" };

/** A frame that must arrive: kept until the server acknowledges its id. */
export type Kept = { id: string } & (
  | { type: "message"; text: string }
  | { type: "press"; button: string }
  | { type: "rating"; stars: number }
  | { type: "contact"; email: string; when: string }
  | { type: "human" }
  | { type: "bot" }
  | { type: "file"; file: string }
);

export type ClientFrame = Kept | { type: "typing" } | { type: "ping" };

export interface Brand {
  name?: string;
  site?: string | null;
  contact_email?: string | null;
  contact_phone?: string | null;
}

export interface SessionAnswer {
  token: string;
  conversation: string;
  expires?: string;
  history: (MessageEvent_ | StateEvent)[];
  seq: number;
  brand?: Brand;
  texts_version?: string;
}
