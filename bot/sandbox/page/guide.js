// The first visit's guide: four steps through askwhy, ticked off as they happen.

import { h, icon } from "./dom.js";

const KEPT = "askwhy-guide";
const EXAMPLE = "/ask Add SSO for Acme by June";

export class Guide {
    // act: {fill(text), open_card(), next_monday()}
    constructor(root, act) {
        this.root = root;
        this.act = act;
        let kept = {};
        try {
            kept = JSON.parse(localStorage.getItem(KEPT)) ?? {};
        } catch {
            // a fresh guide then
        }
        this.done = new Set(Array.isArray(kept.done) ? kept.done : []);
        this.hidden = kept.hidden === true;
        this.moved = false;
        this.steps = [
            { id: "ask", title: "Ask for something", text: ["Type ", h("code", {}, "/ask …"), " as Dana, who is in sales."], go: "Fill it in", run: () => act.fill(EXAMPLE) },
            { id: "answer", title: "Answer in the thread", text: ["askwhy asks for the why there, one question at a time."], go: "Open the thread", run: () => act.open_card() },
            { id: "clear", title: "See the card become clear", text: ["Why and impact now stand on it, for everyone."], go: null },
            { id: "digest", title: "Read Monday’s digest", text: ["Move the clock: the week’s summary appears."], go: "Next Monday 9:00", run: () => act.next_monday() },
        ];
        this.draw();
    }

    keep() {
        try {
            localStorage.setItem(KEPT, JSON.stringify({ done: [...this.done], hidden: this.hidden }));
        } catch {
            // then it shows again next time
        }
    }

    tick(id) {
        if (this.done.has(id)) return;
        this.done.add(id);
        this.keep();
        this.draw();
    }

    // What was sent to the sandbox and what came back, to see which step happened.
    sent(message) {
        if (message.do === "post" && /^\/ask\s+\S/.test(message.text)) this.asked = true;
        if (message.do === "clock") this.moved = true;
    }

    heard({ fresh, bot, reply, mine, to_bot, words, ephemeral, shared }) {
        if (bot && this.asked) this.tick("ask");
        if (mine && reply && to_bot) this.tick("answer");
        if (bot && !fresh && !reply && !ephemeral && this.done.has("answer") && /\bclear\b/i.test(words)) this.tick("clear");
        if (bot && fresh && !reply && !ephemeral && shared && this.moved) this.tick("digest");
    }

    show() {
        if (this.done.size === this.steps.length) this.done.clear();
        this.hidden = false;
        this.keep();
        this.draw();
        this.root.querySelector("button")?.focus();
    }

    hide() {
        this.hidden = true;
        this.keep();
        this.draw();
    }

    draw() {
        this.root.hidden = this.hidden;
        const next = this.steps.find((step) => !this.done.has(step.id));
        const list = this.steps.map((step, i) => {
            const done = this.done.has(step.id);
            return h("li", { class: `step ${done ? "done" : ""} ${step === next ? "next" : ""}`, data: { step: step.id, done: String(done) }, "aria-current": step === next ? "step" : undefined },
                h("span", { class: "step-mark", "aria-hidden": "true" }, done ? icon("check") : String(i + 1)),
                h("div", { class: "step-body" },
                    h("strong", {}, step.title, done ? h("span", { class: "unseen" }, " (done)") : null),
                    h("span", { class: "step-text" }, step.text.map((part) => (part.cloneNode ? part.cloneNode(true) : part))),
                    step === next && step.go ? h("button", { type: "button", class: "link-button", onclick: step.run }, step.go) : null));
        });
        this.root.replaceChildren(
            h("div", { class: "guide-head" },
                h("h2", {}, next ? "Two minutes with askwhy" : "That was askwhy"),
                next ? null : h("p", {}, "Now switch to Sam and decide: ", h("code", {}, "/ask decide 1 yes because …"), ". ", h("code", {}, "/ask help"), " shows the rest."),
                h("button", { type: "button", class: "icon-button", "aria-label": "Close the guide", title: "Close the guide", onclick: () => this.hide() }, icon("close"))),
            h("ol", { class: "steps" }, list));
    }
}
