// The fields of a form, each able to say its value as Slack's view.state.values has it.

import { h } from "./dom.js";
import { text_object } from "./text.js";

let serial = 0;

const text_of = (object) => String(object?.text ?? "");

function select(props, placeholder, choices, chosen) {
    const node = h("select", props, h("option", { value: "" }, placeholder || "Choose…"),
        choices.map(([value, label]) => h("option", { value }, label)));
    node.value = chosen ?? "";
    if (node.selectedIndex < 0) node.value = "";
    return node;
}

const all_options = (element) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options ?? []);

function ticks(element, props, names, kind, initial) {
    const options = all_options(element);
    const group = `tick${++serial}`;
    const boxes = options.map((option, i) => {
        const id = `${group}-${i}`;
        const box = h("input", { type: kind, name: group, id, value: option.value });
        box.checked = initial.includes(option.value);
        return [box, h("label", { for: id, dir: "auto" }, text_object(option.text, names),
            option.description ? h("small", {}, text_object(option.description, names)) : null)];
    });
    const node = h("div", { ...props, class: "ticks", role: kind === "radio" ? "radiogroup" : "group" }, boxes.map((pair) => h("div", { class: "tick" }, pair)));
    return { node, chosen: () => options.filter((_, i) => boxes[i][0].checked), focus: boxes[0]?.[0] };
}

// {node, value(), focus} of one input element.
function control(element, props, names, lists) {
    const type = element.type;
    const hint = text_of(element.placeholder);
    const simple = (node, key, read = () => node.value || null) => ({ node, focus: node, value: () => ({ type, [key]: read() }) });
    switch (type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input": {
        const more = { ...props, placeholder: hint, maxlength: element.max_length, dir: "auto", autocomplete: "off" };
        const node = element.multiline ? h("textarea", { ...more, rows: 4 }) : h("input", { ...more, type: "text" });
        node.value = element.initial_value ?? "";
        return simple(node, "value");
    }
    case "static_select": {
        const options = all_options(element);
        const node = select(props, hint, options.map((option) => [option.value, text_of(option.text)]), element.initial_option?.value);
        return simple(node, "selected_option", () => options.find((option) => option.value === node.value) ?? null);
    }
    case "radio_buttons": {
        const { node, chosen, focus } = ticks(element, props, names, "radio", [element.initial_option?.value]);
        return { node, focus, value: () => ({ type, selected_option: chosen()[0] ?? null }) };
    }
    case "checkboxes": {
        const initial = (element.initial_options ?? []).map((option) => option.value);
        const { node, chosen, focus } = ticks(element, props, names, "checkbox", initial);
        return { node, focus, value: () => ({ type, selected_options: chosen() }) };
    }
    case "users_select":
        return simple(select(props, hint || "Choose a person…", lists.people(), element.initial_user), "selected_user");
    case "conversations_select":
        return simple(select(props, hint || "Choose a channel…", lists.channels(), element.initial_conversation), "selected_conversation");
    case "channels_select":
        return simple(select(props, hint || "Choose a channel…", lists.channels(true), element.initial_channel), "selected_channel");
    case "datepicker": {
        const node = h("input", { ...props, type: "date" });
        node.value = element.initial_date ?? "";
        return simple(node, "selected_date");
    }
    case "timepicker": {
        const node = h("input", { ...props, type: "time" });
        node.value = element.initial_time ?? "";
        return simple(node, "selected_time");
    }
    default:
        return null;
    }
}

const is_empty = (value) => Object.entries(value).every(([key, part]) => key === "type" || part === null || part === "" || (Array.isArray(part) && !part.length));

// form: {lists, fields: Map(block_id → field)}; the field is added to it.
export function input_block(block, block_id, names, form) {
    const element = block.element ?? {};
    const id = `field${++serial}`;
    const grouped = ["radio_buttons", "checkboxes"].includes(element.type);
    const props = { id, "aria-describedby": `${id}-note`, "aria-labelledby": grouped ? `${id}-label` : undefined };
    const made = control(element, props, names, form.lists);
    if (!made) return h("div", { class: "block unsupported" }, `(${element.type})`);
    const note = h("div", { class: "field-note", id: `${id}-note` });
    const hint = block.hint ? h("div", { class: "field-hint" }, text_object(block.hint, names)) : "";
    note.append(hint);
    const label = h(grouped ? "div" : "label", { class: "field-label", id: `${id}-label`, for: grouped ? undefined : id, dir: "auto" },
        text_object(block.label, names), block.optional ? h("span", { class: "optional" }, " (optional)") : null);
    const node = h("div", { class: "block field", data: { block: block_id } }, label, made.node, note);
    form.fields.set(block_id, {
        action: element.action_id ?? "", value: made.value, focus: made.focus,
        missing: () => !block.optional && is_empty(made.value()),
        complain: (text) => {
            node.classList.toggle("wrong", Boolean(text));
            for (const part of node.querySelectorAll("input, select, textarea")) part.toggleAttribute("aria-invalid", Boolean(text));
            note.replaceChildren(text ? h("div", { class: "field-error", role: "alert" }, text) : "", hint);
        },
    });
    return node;
}
