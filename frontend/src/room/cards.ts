// The outline: cards by kind, made from the pattern that the server drew.

import { say, spoken, type Card, type LiveData } from "./data";

export class Outline {
  private readonly pattern: HTMLTemplateElement;
  private hasNoNextStep: boolean;

  constructor(private readonly data: LiveData) {
    this.pattern = document.querySelector<HTMLTemplateElement>("#card-template")!;
    this.hasNoNextStep = data.state.has_no_next_step;
  }

  /** Put a card into its section; returns what to announce, or nothing if it stands there already. */
  add(card: Card): string {
    const section = document.querySelector<HTMLElement>(`#outline [data-kind="${CSS.escape(card.kind)}"]`);
    if (!section || document.getElementById(`card-${card.id}`)) return "";
    const item = (this.pattern.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    item.id = `card-${card.id}`;
    if (card.author?.person !== this.data.me) item.classList.add("new");
    this.fill(item, card);
    section.querySelector("ol")!.append(item);
    section.hidden = false;
    section.querySelector("[data-count]")!.textContent = String(section.querySelectorAll("li").length);
    document.getElementById("nothing-yet")!.hidden = true;
    this.countNeeds();
    if (card.kind === "question") this.offerAnswer(card);
    if (card.kind === "key_question") this.showKeyQuestion(card);
    const name = card.author ? spoken(card.author.name, this.data.language) : this.data.words["someone"]!;
    return say(this.data.words["new_card"]!, { kind: this.data.kinds[card.kind] ?? card.kind, name });
  }

  judge(card: number, verdict: string): void {
    const item = document.getElementById(`card-${card}`);
    if (!item) return;
    const badge = item.querySelector<HTMLElement>("[data-verdict]")!;
    badge.textContent = this.data.verdicts[verdict] ?? "";
    badge.hidden = !verdict;
    for (const button of item.querySelectorAll<HTMLButtonElement>("button[name=verdict]")) {
      button.setAttribute("aria-pressed", String(button.value === verdict));
    }
  }

  /** Show the buttons keep, adapt, not now on advice while they may be used. */
  allowJudging(isAllowed: boolean): void {
    for (const form of document.querySelectorAll<HTMLElement>("#outline [data-judge]")) {
      const kind = form.closest<HTMLElement>("[data-kind]")!.dataset["kind"]!;
      form.hidden = !isAllowed || !this.data.advice.includes(kind);
    }
  }

  /** What closing the room still asks for, counted from what is on the table. */
  countNeeds(hasNoNextStep = this.hasNoNextStep): void {
    this.hasNoNextStep = hasNoNextStep;
    const count = (kinds: string[]): number =>
      kinds.reduce((sum, kind) => sum + document.querySelectorAll(`#outline [data-kind="${kind}"] li`).length, 0);
    const advice = count(this.data.advice);
    const met: Record<string, boolean> = {
      key_question: !document.getElementById("key-question")!.hidden || count(["key_question"]) > 0,
      advice: advice >= this.data.advice_needed,
      next_step: hasNoNextStep || count(["next_step"]) > 0,
    };
    for (const need of document.querySelectorAll<HTMLElement>("[data-need]")) {
      const isMet = met[need.dataset["need"]!] ?? false;
      need.querySelector<HTMLElement>(".yes")!.hidden = !isMet;
      need.querySelector<HTMLElement>(".no")!.hidden = isMet;
      if (need.dataset["need"] === "advice") {
        const words = say(this.data.words["advice_needed"]!, { needed: this.data.advice_needed, advice });
        need.querySelector("[data-words]")!.textContent = words;
      }
    }
  }

  private fill(item: HTMLElement, card: Card): void {
    const translation = card.text.translations[this.data.language];
    const body = document.createElement("p");
    body.textContent = translation ? translation.body : card.text.body;
    body.lang = translation ? this.data.language : card.text.language;
    body.dir = body.lang === "ar" ? "rtl" : "ltr";
    item.querySelector("[data-body]")!.replaceChildren(body);
    const author = card.author;
    item.querySelector("[data-name]")!.textContent = author
      ? spoken(author.name, this.data.language)
      : this.data.words["someone"]!;
    const city = item.querySelector<HTMLElement>("[data-city]")!;
    city.hidden = !author?.city;
    if (author?.city) city.querySelector("bdi")!.textContent = spoken(author.city, this.data.language);
    const asked = card.answer_to ? document.querySelector(`#card-${card.answer_to} [data-body]`)?.textContent : "";
    if (asked) {
      const answer = item.querySelector<HTMLElement>("[data-answer]")!;
      answer.textContent = say(this.data.words["answer"]!, { question: asked.trim().slice(0, 80) });
      answer.hidden = false;
    }
    const hidden = item.querySelector<HTMLInputElement>("input[name=card]");
    if (hidden) hidden.value = String(card.id);
    this.judgeIn(item, card);
  }

  private judgeIn(item: HTMLElement, card: Card): void {
    const badge = item.querySelector<HTMLElement>("[data-verdict]")!;
    badge.textContent = this.data.verdicts[card.verdict] ?? "";
    badge.hidden = !card.verdict;
  }

  private offerAnswer(card: Card): void {
    const choice = document.querySelector<HTMLSelectElement>("#answer");
    choice?.add(new Option(card.text.body.slice(0, 80), String(card.id)));
  }

  private showKeyQuestion(card: Card): void {
    const place = document.getElementById("key-question")!;
    const quote = place.querySelector<HTMLElement>(".quote")!;
    quote.textContent = card.text.body;
    quote.lang = card.text.language;
    quote.dir = card.text.language === "ar" ? "rtl" : "ltr";
    place.hidden = false;
  }
}
