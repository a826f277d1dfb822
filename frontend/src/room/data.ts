// What the server tells: the page's data block (majlis/room/page.py) and the frames of protocol v1.

export interface Text {
  language: string;
  body: string;
  translations: Record<string, { body: string }>;
}

export interface Card {
  id: number;
  kind: string;
  text: Text;
  author: { person: number; name: Record<string, string>; city: Record<string, string> | null } | null;
  seq: number;
  answer_to: number | null;
  verdict: string;
}

export interface State {
  state: "prepared" | "running" | "closed" | "cancelled";
  phase: number;
  version: number;
  ends_at: string | null;
  extended: number;
  has_no_next_step: boolean;
}

export interface Phase {
  name: string;
  language: string;
  prompt: string;
  prompt_language: string;
  kinds: string[];
  speakers: number[];
  words: string;
  judging: boolean;
  deciding: boolean;
  answering: boolean;
}

export interface LiveData {
  room: number;
  me: number;
  language: string;
  seq: number;
  now: string;
  socket: string;
  ticket: string;
  command: string;
  events: string;
  state: State;
  phases: Phase[];
  kinds: Record<string, string>;
  advice: string[];
  advice_needed: number;
  verdicts: Record<string, string>;
  words: Record<string, string>;
}

export interface Member {
  person: number;
  role: string;
}

export interface Event {
  s: string;
  seq: number;
  name: string;
  data: { card?: Card | number; verdict?: string; room?: State; person?: number; members?: Member[] };
}

export interface Snapshot {
  room: State;
  cards: Card[];
}

export type Args = Record<string, string>;

export interface Answer {
  t: "ack" | "nak";
  id: string;
  message?: string;
  status?: number;
  again?: boolean;
}

/** A sentence with its named placeholders filled. */
export function say(words: string, filled: Record<string, string | number> = {}): string {
  return words.replace(/%\((\w+)\)s/g, (whole, key: string) => String(filled[key] ?? whole));
}

/** A {language: text} in the reader's language, else in English, else in any. */
export function spoken(names: Record<string, string>, language: string): string {
  return names[language] ?? names["en"] ?? Object.values(names)[0] ?? "";
}
