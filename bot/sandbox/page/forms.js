// Modal forms. Slack stacks them; the topmost is shown.

import { h, icon } from "./dom.js";
import { render_blocks } from "./blocks.js";
import { text_object } from "./text.js";
import { names, world } from "./state.js";

const lists = {
    people: () => world.people.map((one) => [one.id, `${one.real_name || one.name}${one.title ? ` · ${one.title}` : ""}`]),
    channels: (public_only = false) => world.channels.filter((one) => !one.direct && !(public_only && one.private)).map((one) => [one.id, `${one.private ? "" : "#"}${one.name}${one.private ? " (private)" : ""}`]),
};

export class Forms {
    constructor(send) {
        this.send = send;
        this.dialog = h("dialog", { class: "modal", id: "form", "aria-labelledby": "form-title" });
        this.dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.dismiss();
        });
        document.body.append(this.dialog);
        this.shown = null;
        this.back = null;
    }

    top() {
        return world.views.at(-1) ?? null;
    }

    // A form opened, pushed upon another, or changed.
    put(view) {
        const at = world.views.findIndex((one) => one.id === view.id);
        if (at >= 0) world.views[at] = view;
        else world.views.push(view);
        this.draw();
    }

    end(id) {
        world.views = world.views.filter((one) => one.id !== id);
        this.draw();
    }

    clear() {
        world.views = [];
        this.draw();
    }

    dismiss() {
        const view = this.top();
        if (!view) return;
        this.send({ do: "close", view: view.id });
        this.end(view.id);
    }

    draw() {
        const view = this.top();
        if (!view) {
            this.shown = null;
            if (this.dialog.open) {
                this.dialog.close();
                this.dialog.replaceChildren();
                if (this.back?.isConnected) this.back.focus();
                this.back = null;
            }
            return;
        }
        if (this.shown === view) return;
        this.shown = view;
        const fields = new Map();
        this.fields = fields;
        const body = render_blocks(view.blocks ?? [], names, (block_id, action_id) => this.send({ do: "press", view: view.id, block_id, action_id }), { lists, fields });
        this.problem = h("div", { class: "form-problem", role: "alert" });
        this.submit_button = view.submit ? h("button", { type: "submit", class: "button primary" }, text_object(view.submit, names)) : null;
        this.dialog.replaceChildren(h("form", {
            class: "modal-form", novalidate: true, data: { view: view.id },
            onsubmit: (event) => { event.preventDefault(); this.submit(view); },
        },
        h("div", { class: "modal-head" },
            h("h2", { id: "form-title" }, text_object(view.title, names)),
            h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => this.dismiss() }, icon("close"))),
        h("div", { class: "modal-body" }, body, this.problem),
        h("div", { class: "modal-foot" },
            h("button", { type: "button", class: "button", onclick: () => this.dismiss() }, view.close ? text_object(view.close, names) : "Cancel"),
            this.submit_button)));
        if (!this.dialog.open) {
            this.back = document.activeElement;
            this.dialog.showModal();
        }
        [...fields.values()][0]?.focus?.focus();
    }

    submit(view) {
        const values = {};
        let wrong = null;
        for (const [block, field] of this.fields) {
            values[block] = { [field.action]: field.value() };
            const missing = field.missing();
            field.complain(missing ? "Please fill this in." : "");
            if (missing) wrong ??= field;
        }
        this.problem.replaceChildren();
        if (wrong) {
            wrong.focus?.focus();
            return;
        }
        if (this.send({ do: "submit", view: view.id, values })) this.busy(true);
        else this.trouble("The sandbox is not reachable just now. What you typed is kept here.");
    }

    busy(on) {
        if (this.submit_button) this.submit_button.disabled = on;
        this.dialog.toggleAttribute("aria-busy", on);
    }

    errors(id, errors) {
        if (this.top()?.id !== id) return;
        this.busy(false);
        let first = null;
        for (const [block, text] of Object.entries(errors ?? {})) {
            const field = this.fields.get(block);
            if (!field) this.problem.append(h("p", {}, String(text)));
            else {
                field.complain(String(text));
                first ??= field;
            }
        }
        first?.focus?.focus();
    }

    // True when a form is open and shows it.
    trouble(text) {
        if (!this.top()) return false;
        this.busy(false);
        this.problem.replaceChildren(h("p", {}, text));
        return true;
    }
}
