// The connection: ticket, hello, resume after a break, commands until they are acknowledged.

import type { Answer, Event, LiveData, Snapshot } from "./data";
import type { Pending, PendingStore } from "./pending";

const LONGEST_WAIT = 8_000; // milliseconds between attempts
const AT_ONCE = 8; // commands under way: well below the server's limit
const FAILURES_BEFORE_HTTP = 2; // a network that blocks WebSocket: everything goes by plain requests then
const ASK_EVERY = 3_000; // milliseconds

export interface Listener {
  state(now: "connecting" | "connected" | "asking" | "waiting" | "gone" | "expired"): void;
  time(now: string): void;
  snapshot(snapshot: Snapshot): void;
  event(event: Event): void;
  present(people: number[]): void;
  answered(item: Pending, answer: Answer): void;
}

export class Connection {
  private socket: WebSocket | null = null;
  private isOpen = false;
  private failures = 0;
  private seq: number;
  private people = new Set<number>();
  private readonly underWay = new Map<string, Pending>();
  private timer = 0;
  private isPosting = false;
  private asking = 0; // the timer of plain requests for events; 0 while the socket works

  constructor(
    private readonly data: LiveData,
    private readonly pending: PendingStore,
    private readonly listener: Listener,
  ) {
    this.seq = data.seq;
    addEventListener("online", () => this.open());
    addEventListener("pagehide", () => this.socket?.close());
    addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  /** Connect now, unless a connection stands or is being made. */
  open(): void {
    clearTimeout(this.timer);
    if (this.socket) return;
    if (!this.asking) this.listener.state("connecting");
    void this.connect();
  }

  get isConnected(): boolean {
    return this.isOpen || this.asking !== 0;
  }

  /** Send what is pending and not under way. */
  flush(): void {
    if (!this.isOpen) {
      if (this.failures >= FAILURES_BEFORE_HTTP) void this.post();
      return;
    }
    for (const item of this.pending.all()) {
      if (this.underWay.size >= AT_ONCE) return;
      if (item.refused !== undefined || this.underWay.has(item.id)) continue;
      this.underWay.set(item.id, item);
      this.send({ t: "cmd", id: item.id, name: item.name, args: item.args });
    }
  }

  private async connect(): Promise<void> {
    let ticket: string;
    try {
      const answer = await fetch(this.data.ticket, { headers: { Accept: "application/json" } });
      if (answer.status === 404 || answer.status === 403) return await this.shownOut();
      if (!answer.ok) throw new Error(String(answer.status));
      ticket = ((await answer.json()) as { ticket: string }).ticket;
    } catch {
      return this.later();
    }
    if (this.socket) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.data.socket}`);
    this.socket = socket;
    socket.onopen = () =>
      this.send({ t: "hello", ticket, language: this.data.language, resume: { [`room:${this.data.room}`]: this.seq } });
    socket.onmessage = (message) => this.take(JSON.parse(String(message.data)) as Frame);
    socket.onclose = (end) => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.isOpen = false;
      this.underWay.clear(); // not acknowledged: they go out again with the same numbers
      if (end.code === 4403) void this.shownOut();
      else this.later();
    };
  }

  private take(frame: Frame): void {
    switch (frame.t) {
      case "welcome":
        this.seq = frame.seq;
        this.greeted(frame.now, frame.present);
        this.listener.snapshot(frame.snapshot);
        break;
      case "resumed":
        this.greeted(frame.now, frame.present);
        break;
      case "ev":
        this.follow(frame);
        break;
      case "presence":
        for (const person of frame.join) this.people.add(person);
        for (const person of frame.leave) this.people.delete(person);
        this.listener.present([...this.people]);
        break;
      case "time":
        this.listener.time(frame.now);
        break;
      case "ack":
      case "nak":
        this.answered(frame);
        break;
    }
  }

  private greeted(now: string, present: number[]): void {
    this.failures = 0;
    this.isOpen = true;
    clearInterval(this.asking);
    this.asking = 0;
    this.people = new Set(present);
    this.listener.time(now);
    this.listener.state("connected");
    this.listener.present(present);
    this.flush();
  }

  /** Events come in order without gaps; if one is missing, ask again from the last one we have. */
  private follow(event: Event): void {
    if (event.seq <= this.seq) return;
    if (event.seq !== this.seq + 1) {
      this.socket?.close();
      return;
    }
    this.seq = event.seq;
    this.listener.event(event);
  }

  private answered(answer: Answer): void {
    const item = this.underWay.get(answer.id);
    this.underWay.delete(answer.id);
    if (!item) return;
    if (answer.again) {
      setTimeout(() => this.flush(), 2000);
      return;
    }
    if (answer.t === "ack") this.pending.remove(item.id);
    else this.pending.refuse(item.id, answer.message ?? "");
    this.listener.answered(item, answer);
    this.flush();
  }

  private later(): void {
    this.failures += 1;
    if (!this.asking) this.listener.state("waiting");
    this.flush();
    if (this.failures === FAILURES_BEFORE_HTTP) this.asking = window.setInterval(() => void this.ask(), ASK_EVERY);
    const most = Math.min(LONGEST_WAIT, 500 * 2 ** this.failures);
    clearTimeout(this.timer);
    // Spread over the interval, so that a restarted server is not met by everybody at once.
    this.timer = window.setTimeout(() => this.open(), most * (0.5 + Math.random() / 2));
  }

  private async shownOut(): Promise<void> {
    // The same answer covers a lost seat and a lost session; the page itself knows which.
    try {
      const page = await fetch(location.href, { redirect: "manual" });
      if (page.ok) return this.later();
      this.listener.state(page.type === "opaqueredirect" ? "expired" : "gone");
    } catch {
      this.later();
    }
  }

  /** The way without WebSocket: ask for the events since the last one, and send what waits. */
  private async ask(): Promise<void> {
    try {
      const answer = await fetch(`${this.data.events}?after=${this.seq}`, { headers: { Accept: "application/json" } });
      if (answer.status === 404) return await this.shownOut();
      if (!answer.ok) throw new Error(String(answer.status));
      const said = (await answer.json()) as { now: string; events: Event[] };
      if (!this.asking) return; // the socket came back meanwhile
      this.listener.time(said.now);
      this.listener.state("asking");
      for (const event of said.events) this.follow(event);
      this.flush();
    } catch {
      this.listener.state("waiting");
    }
  }

  /** Commands without WebSocket: one after the other, each acknowledged by its response. */
  private async post(): Promise<void> {
    if (this.isPosting) return;
    this.isPosting = true;
    try {
      for (const item of this.pending.all().filter((each) => each.refused === undefined)) {
        const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
        const answer = await fetch(this.data.command, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token },
          body: JSON.stringify({ id: item.id, name: item.name, args: item.args }),
        });
        const said = (await answer.json()) as Answer;
        this.underWay.set(item.id, item);
        this.answered({ ...said, id: item.id });
      }
    } catch {
      // still no way through: they stay pending
    } finally {
      this.isPosting = false;
    }
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }
}

type Frame =
  | { t: "welcome"; seq: number; now: string; present: number[]; snapshot: Snapshot }
  | { t: "resumed"; seq: number; now: string; present: number[] }
  | ({ t: "ev" } & Event)
  | { t: "presence"; count: number; join: number[]; leave: number[] }
  | { t: "time"; now: string }
  | Answer;
