// Where one writes: a growing text field with suggestions for commands, people and channels.

import { h, icon } from "./dom.js";
import { channel_label, world } from "./state.js";

const COMMANDS = [
    ["/ask ", "Raise an ask, or work with one", "/ask Add SSO for Acme by June"],
    ["/why ", "The why of an ask, wherever you are", "/why 1"],
    ["/invite ", "Bring askwhy into this channel", "/invite @askwhy"],
];
const VERBS = [
    ["/ask list", "what is open, waiting, mine"],
    ["/ask show ", "one ask: /ask show 1"],
    ["/ask decide ", "/ask decide 1 yes because …"],
    ["/ask start ", "/ask start 1: work begins, something gives way"],
    ["/ask ship ", "/ask ship 1: it is done"],
    ["/ask own ", "/ask own 1: you drive it"],
    ["/ask search ", "asks with these words"],
    ["/ask digest", "preview this week's summary"],
    ["/ask me", "your function, language, reminders"],
    ["/ask help", "a line and an example for each verb"],
];

export class Composer {
    // act: {send(text) → bool, edit_last(), shortcuts(button), typing allowed words}
    constructor(root, { label, in_thread, send, edit_last, shortcuts }) {
        this.in_thread = in_thread;
        this.send = send;
        this.edit_last = edit_last;
        this.choices = [];
        this.chosen = -1;
        const id = in_thread ? "reply" : "message";
        this.list = h("div", { class: "suggestions", role: "listbox", id: `${id}-suggestions`, "aria-label": "Suggestions", hidden: true });
        this.field = h("textarea", {
            id, rows: 1, dir: "auto", "aria-label": label, "aria-autocomplete": "list", "aria-haspopup": "listbox",
            "aria-controls": `${id}-suggestions`, autocomplete: "off", maxlength: 12000,
        });
        this.button = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)", disabled: true }, icon("send"));
        this.form = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
            this.list,
            shortcuts ? h("button", { type: "button", class: "icon-button bolt", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", onclick: (event) => shortcuts(event.currentTarget) }, icon("bolt")) : null,
            this.field, this.button);
        root.replaceChildren(this.form);
        this.field.addEventListener("input", () => this.changed());
        this.field.addEventListener("click", () => this.suggest());
        this.field.addEventListener("blur", () => this.close());
        this.field.addEventListener("keydown", (event) => this.key(event));
    }

    set placeholder(text) {
        this.field.placeholder = text;
    }

    get text() {
        return this.field.value;
    }

    set text(value) {
        this.field.value = value;
        this.grow();
        this.close();
    }

    fill(value) {
        this.text = value;
        this.field.focus();
        this.field.setSelectionRange(value.length, value.length);
    }

    changed() {
        this.grow();
        this.suggest();
    }

    grow() {
        this.button.disabled = this.text.trim() === "";
        this.field.style.height = "auto";
        this.field.style.height = `${Math.min(this.field.scrollHeight, Math.round(window.innerHeight * 0.4))}px`;
    }

    submit() {
        const text = this.text.trim();
        if (!text || !this.send(text)) return;
        this.text = "";
    }

    key(event) {
        if (event.isComposing) return;
        if (this.choices.length) {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                const step = event.key === "ArrowDown" ? 1 : -1;
                this.mark((this.chosen + step + this.choices.length) % this.choices.length);
                return;
            }
            if (event.key === "Escape") {
                event.preventDefault();
                event.stopPropagation();
                this.close();
                return;
            }
            if (this.chosen >= 0 && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey) {
                event.preventDefault();
                this.take(this.choices[this.chosen]);
                return;
            }
        }
        if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            this.submit();
        } else if (event.key === "ArrowUp" && this.text === "") {
            event.preventDefault();
            this.edit_last();
        }
    }

    // The words under way: what is suggested, and from where on it would be replaced.
    find() {
        const at = this.field.selectionStart;
        if (at !== this.field.selectionEnd) return null;
        const before = this.text.slice(0, at);
        const commands = !this.in_thread || world.platform === "mattermost"; // Slack has none in threads
        if (commands && /^\/\w*$/.test(before)) {
            return { from: 0, all: COMMANDS.filter(([insert]) => insert.startsWith(before.toLowerCase())).map(([insert, note, example]) => ({ insert, label: insert.trim(), note, example })), first: before.length > 1 };
        }
        if (commands && /^\/ask \w*$/.test(before)) {
            const verb = before.slice(5).toLowerCase();
            const all = VERBS.filter(([insert]) => insert.slice(5).startsWith(verb)).map(([insert, note]) => ({ insert, label: insert.trim(), note }));
            return { from: 0, all, first: false };
        }
        const sign = world.platform === "mattermost" ? "~" : "#"; // what stands before a channel's name
        const word = /(^|[\s(])([@#~])([\w.-]*)$/.exec(before);
        if (!word) return null;
        const start = word[3].toLowerCase();
        const from = at - word[3].length - 1;
        const matches = (...texts) => texts.some((text) => (text ?? "").toLowerCase().startsWith(start));
        if (word[2] !== "@") {
            if (word[2] !== sign) return null;
            const all = world.channels.filter((one) => !one.direct && matches(one.name)).map((one) => ({ insert: `${sign}${one.name} `, label: `${sign}${channel_label(one)}`, note: one.private ? "private" : "" }));
            return { from, all, first: true };
        }
        const people = [{ name: world.bot.name, real_name: world.bot.name, title: "app" }, ...world.people.filter((one) => one.id !== world.me)];
        const all = people.filter((one) => matches(one.name, ...(one.real_name ?? "").split(/\s+/))).map((one) => ({ insert: `@${one.name} `, label: `@${one.name}`, note: [one.real_name === one.name ? "" : one.real_name, one.title].filter(Boolean).join(" · ") }));
        return { from, all, first: true };
    }

    suggest() {
        const found = this.find();
        this.choices = found?.all ?? [];
        this.from = found?.from ?? 0;
        const exact = this.choices.length === 1 && this.choices[0].insert.trim() === this.text.slice(this.from).trim();
        if (!this.choices.length || exact) {
            this.close();
            return;
        }
        this.list.replaceChildren(...this.choices.map((choice, i) => h("div", {
            class: "suggestion", role: "option", id: `${this.field.id}-choice-${i}`, "aria-selected": "false",
            onpointerdown: (event) => { event.preventDefault(); this.take(choice); },
        }, h("strong", {}, choice.label), choice.note ? h("span", {}, choice.note) : null, choice.example ? h("code", {}, choice.example) : null)));
        this.list.hidden = false;
        this.mark(found.first ? 0 : -1);
    }

    mark(i) {
        this.chosen = i;
        [...this.list.children].forEach((node, n) => node.setAttribute("aria-selected", String(n === i)));
        if (i >= 0) {
            this.field.setAttribute("aria-activedescendant", `${this.field.id}-choice-${i}`);
            this.list.children[i].scrollIntoView({ block: "nearest" });
        } else {
            this.field.removeAttribute("aria-activedescendant");
        }
    }

    take(choice) {
        const at = this.field.selectionStart;
        const after = this.text.slice(at);
        this.field.value = this.text.slice(0, this.from) + choice.insert + after.replace(/^ /, "");
        const caret = this.from + choice.insert.length;
        this.field.setSelectionRange(caret, caret);
        this.field.focus();
        this.close();
        this.changed();
    }

    close() {
        this.choices = [];
        this.chosen = -1;
        this.list.hidden = true;
        this.field.removeAttribute("aria-activedescendant");
    }
}
