// Commands that the server has not acknowledged yet. They live in the browser's storage, so that a reload, a crash or
// a lost connection loses none; each keeps its number, so that sending it again writes nothing twice.

import type { Args } from "./data";

export interface Pending {
  id: string;
  name: string;
  args: Args;
  /** Why the server refused it; it waits for the writer then and is not sent again. */
  refused?: string;
}

export class PendingStore {
  private readonly key: string;
  private memory: Pending[] = [];

  constructor(room: number, person: number) {
    this.key = `majlis.room.${room}.${person}`;
  }

  all(): Pending[] {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(stored) ? (stored as Pending[]) : [];
    } catch {
      return this.memory; // storage is switched off: at least this page remembers
    }
  }

  add(name: string, args: Args): Pending {
    const item = { id: newNumber(), name, args };
    this.keep([...this.all(), item]);
    return item;
  }

  remove(id: string): void {
    this.keep(this.all().filter((item) => item.id !== id));
  }

  refuse(id: string, reason: string): void {
    this.keep(this.all().map((item) => (item.id === id ? { ...item, refused: reason } : item)));
  }

  get draft(): string {
    try {
      return localStorage.getItem(`${this.key}.draft`) ?? "";
    } catch {
      return "";
    }
  }

  set draft(text: string) {
    try {
      if (text) localStorage.setItem(`${this.key}.draft`, text);
      else localStorage.removeItem(`${this.key}.draft`);
    } catch {
      // nothing can be kept here
    }
  }

  private keep(items: Pending[]): void {
    this.memory = items;
    try {
      localStorage.setItem(this.key, JSON.stringify(items));
    } catch {
      // full or switched off: `memory` has them
    }
  }
}

/** A number that no other command of this member has. (crypto.randomUUID exists on https and localhost only.) */
export function newNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
