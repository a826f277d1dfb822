// What this member may do now: phase, prompt, clock, composer, controls. All of it follows from the room's state.

import { say, type LiveData, type Phase, type State } from "./data";

const MOST_EXTRA_MINUTES = 5;

function by(id: string): HTMLElement {
  return document.getElementById(id)!;
}

export class Desk {
  private ahead = 0; // milliseconds that the server's clock is ahead of ours
  private state: State;

  constructor(private readonly data: LiveData) {
    this.state = data.state;
    this.setTime(data.now);
    setInterval(() => this.tick(), 500);
    this.tick();
  }

  get phase(): Phase | undefined {
    return this.state.state === "running" ? this.data.phases[this.state.phase] : undefined;
  }

  get isJudging(): boolean {
    return Boolean(this.phase?.judging);
  }

  setTime(now: string): void {
    this.ahead = Date.parse(now) - Date.now();
  }

  /** Show a new state; returns what to announce if the phase changed. */
  show(state: State): string {
    const before = this.state;
    this.state = state;
    const isOver = state.state === "closed" || state.state === "cancelled";
    this.showPhase(isOver);
    this.showComposer();
    this.showControls(isOver);
    const ends = document.getElementById("ends");
    if (ends && before.ends_at !== state.ends_at) ends.hidden = true; // the clock beside it tells it now
    this.tick();
    if (isOver && before.state !== state.state) return this.data.words["closed"]!;
    if (before.phase === state.phase || !this.phase) return "";
    return `${say(this.data.words["phase_now"]!, { phase: this.phase.name })} ${this.phase.words}`;
  }

  private showPhase(isOver: boolean): void {
    const phase = this.phase;
    const prompt = by("phase-prompt");
    if (phase?.name) {
      fill(by("phase-name"), phase.name, phase.language);
      fill(prompt, phase.prompt, phase.prompt_language);
    }
    prompt.hidden = isOver || !phase?.prompt;
    by("what-now").firstElementChild!.textContent = isOver ? this.data.words["closed"]! : (phase?.words ?? "");
    for (const item of document.querySelectorAll<HTMLElement>("#phases [data-phase]")) {
      const position = Number(item.dataset["phase"]);
      const isNow = position === this.state.phase && this.state.state === "running";
      if (isNow) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      item.classList.toggle("done", position < this.state.phase || this.state.state === "closed");
    }
  }

  private showComposer(): void {
    const kinds = this.phase?.kinds ?? [];
    by("composer").hidden = kinds.length === 0;
    const choice = by("kind") as HTMLSelectElement;
    const chosen = choice.value;
    choice.replaceChildren(...kinds.map((kind) => new Option(this.data.kinds[kind] ?? kind, kind)));
    if (kinds.includes(chosen)) choice.value = chosen;
    const answer = document.getElementById("answer-field");
    if (answer) {
      answer.hidden = !this.phase?.answering;
      if (answer.hidden) (by("answer") as HTMLSelectElement).value = "";
    }
    const speaker = document.getElementById("speaker-field");
    if (speaker) {
      const speakers = this.phase?.speakers ?? [];
      speaker.hidden = speakers.length === 0;
      const select = by("speaker") as HTMLSelectElement;
      for (const option of select.options) {
        option.hidden = option.disabled = option.value !== "" && !speakers.includes(Number(option.value));
      }
      if (select.selectedOptions[0]?.disabled) select.value = "";
    }
  }

  private showControls(isOver: boolean): void {
    const { state, phase, extended, version } = this.state;
    const last = Math.max(1, this.data.phases.length - 2);
    const isRunning = state === "running";
    const holds: Record<string, boolean> = {
      prepared: state === "prepared",
      running: isRunning,
      "not-last": isRunning && phase < last,
      extendable: isRunning && this.data.phases.length > 2 && extended < MOST_EXTRA_MINUTES,
      deciding: Boolean(this.phase?.deciding) && !this.state.has_no_next_step,
      open: !isOver,
    };
    for (const control of document.querySelectorAll<HTMLElement>("[data-when]")) {
      control.hidden = !holds[control.dataset["when"]!];
    }
    for (const input of document.querySelectorAll<HTMLInputElement>("input[name=version]")) input.value = String(version);
    const minutes = document.querySelector<HTMLSelectElement>("#minutes");
    minutes?.replaceChildren(
      ...Array.from({ length: MOST_EXTRA_MINUTES - extended }, (_none, index) => new Option(String(index + 1))),
    );
  }

  private tick(): void {
    const clock = by("clock");
    clock.hidden = this.state.state !== "running" || this.data.phases.length <= 2;
    if (clock.hidden) return;
    if (!this.state.ends_at) {
      clock.textContent = this.data.words["time_over"]!;
      return;
    }
    const left = Math.max(0, Math.round((Date.parse(this.state.ends_at) - Date.now() - this.ahead) / 1000));
    const seconds = String(left % 60).padStart(2, "0");
    const said = say(this.data.words["minutes_left"]!, { minutes: Math.floor(left / 60), seconds });
    if (clock.textContent !== said) clock.textContent = said;
  }
}

function fill(place: HTMLElement, words: string, language: string): void {
  const inner = document.createElement("span");
  inner.textContent = words;
  inner.lang = language;
  inner.dir = language === "ar" ? "rtl" : "ltr";
  place.replaceChildren(inner);
}
