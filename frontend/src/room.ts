// The live room's page. The server drew it; this keeps it up to date and sends what is written, so that nothing is lost
// over a reload or a lost connection. Without this script the same forms work as plain posts.

import { Outline } from "./room/cards";
import { Connection } from "./room/connection";
import type { Answer, Args, Card, Event, LiveData } from "./room/data";
import { say } from "./room/data";
import { Desk } from "./room/desk";
import { PendingStore, type Pending } from "./room/pending";

const data = JSON.parse(document.getElementById("live-data")!.textContent!) as LiveData;
const words = data.words;
const pending = new PendingStore(data.room, data.me);
const outline = new Outline(data);
const desk = new Desk(data);
const textarea = document.querySelector<HTMLTextAreaElement>("#card-text")!;
const composerState = document.getElementById("composer-state")!;

const connection = new Connection(data, pending, {
  state(now) {
    const place = document.getElementById("connection")!;
    place.textContent = words[now] ?? "";
    place.dataset["state"] = now; // styled, and read by tests
  },
  time: (now) => desk.setTime(now),
  snapshot(snapshot) {
    for (const card of snapshot.cards) {
      outline.add(card);
      outline.judge(card.id, card.verdict);
    }
    show(snapshot.room);
  },
  event: follow,
  present(people) {
    const count = document.getElementById("presence")!;
    count.hidden = false;
    count.textContent = say(words["present"]!, { count: people.length });
    for (const item of document.querySelectorAll<HTMLElement>("#people [data-person]")) {
      item.querySelector<HTMLElement>("[data-here]")!.hidden = !people.includes(Number(item.dataset["person"]));
    }
  },
  answered,
});

function follow(event: Event): void {
  const { card, verdict, room, members } = event.data;
  if (typeof card === "object") announce(outline.add(card as Card));
  if (typeof card === "number") outline.judge(card, verdict ?? "");
  if (members && event.name === "members.set") {
    location.reload(); // seats and rights changed: the server draws them; drafts and pending cards are kept
    return;
  }
  if (room) show(room);
  outline.allowJudging(desk.isJudging);
}

function show(room: LiveData["state"]): void {
  announce(desk.show(room));
  outline.countNeeds(room.has_no_next_step);
  outline.allowJudging(desk.isJudging);
}

function announce(words: string): void {
  if (words) document.getElementById("announcer")!.textContent = words;
}

// --- writing -----------------------------------------------------------------------------------------------------

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-live]")) watch(form);
document.getElementById("outline")!.addEventListener("submit", sendForm); // also forms of cards that come later

function watch(form: HTMLFormElement): void {
  if (!form.closest("#outline")) form.addEventListener("submit", sendForm);
}

function sendForm(submitted: SubmitEvent): void {
  const form = submitted.target as HTMLFormElement;
  const name = form.dataset["live"];
  if (!name) return;
  submitted.preventDefault();
  const args: Args = {};
  for (const [key, value] of new FormData(form, submitted.submitter)) {
    if (typeof value === "string" && !["csrfmiddlewaretoken", "command", "name"].includes(key)) args[key] = value;
  }
  const place = stateOf(form);
  if (name === "card.add") {
    if (!args["text"]?.trim()) {
      place.textContent = words["write_first"]!;
      return;
    }
    textarea.value = "";
    pending.draft = "";
    textarea.focus();
  }
  pending.add(name, args);
  place.textContent = unsaved();
  showPending();
  connection.flush();
}

function unsaved(): string {
  return words[connection.isConnected ? "saving" : "kept"]!;
}

function stateOf(form: HTMLFormElement): HTMLElement {
  const leading = form.closest(".card")?.querySelector<HTMLElement>("#leading-state");
  return leading ?? composerState;
}

function answered(item: Pending, answer: Answer): void {
  const isWritten = item.name.startsWith("card.") || item.name === "step.decline";
  const place = isWritten ? composerState : (document.getElementById("leading-state") ?? composerState);
  const reason = answer.t === "nak" ? (answer.message ?? "") : "";
  // Leading acts show on the page itself; only their refusal needs words.
  if (!isWritten) place.textContent = reason;
  else place.textContent = answer.t === "ack" ? words["saved"]! : say(words["refused"]!, { reason });
  if (answer.t === "nak") {
    announce(place.textContent);
    // Only a text is worth keeping; a click that came too late is told and forgotten.
    if (item.name !== "card.add") pending.remove(item.id);
  }
  showPending();
}

/** Cards that are not saved: being sent, or refused with the reason and the text to take back. */
function showPending(): void {
  const section = document.getElementById("pending")!;
  const items = pending.all().filter((item) => item.name === "card.add");
  section.hidden = items.length === 0;
  section.querySelector("ol")!.replaceChildren(...items.map(pendingItem));
}

function pendingItem(item: Pending): HTMLElement {
  const line = document.createElement("li");
  const text = document.createElement("p");
  text.textContent = item.args["text"] ?? "";
  text.dir = "auto";
  const why = document.createElement("p");
  why.className = "soft";
  why.textContent = item.refused === undefined ? unsaved() : say(words["refused"]!, { reason: item.refused });
  line.append(text, why);
  if (item.refused !== undefined) {
    const row = document.createElement("div");
    row.className = "row";
    row.append(button(words["again"]!, () => takeBack(item)), button(words["discard"]!, () => drop(item)));
    line.append(row);
  }
  return line;
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet small";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function takeBack(item: Pending): void {
  textarea.value = [item.args["text"], textarea.value].filter(Boolean).join("\n\n");
  pending.draft = textarea.value;
  drop(item);
  if (!document.getElementById("composer")!.hidden) textarea.focus();
}

function drop(item: Pending): void {
  pending.remove(item.id);
  showPending();
}

textarea.addEventListener("input", () => {
  pending.draft = textarea.value;
  composerState.textContent = "";
});
textarea.addEventListener("keydown", (key) => {
  if (key.key === "Enter" && (key.ctrlKey || key.metaKey)) textarea.form?.requestSubmit();
});

if (!textarea.value) textarea.value = pending.draft;
showPending();
connection.open();
