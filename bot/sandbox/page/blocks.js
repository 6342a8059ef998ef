// Blocks as DOM (Block Kit's notation): what askwhy's messages, forms and home page are made of, in either chat.

import { confirm_dialog, h } from "./dom.js";
import { safe_url } from "./safe.js";
import { text_object } from "./text.js";
import { input_block } from "./inputs.js";

function button(element, block_id, names, press) {
    const url = safe_url(element.url ?? "");
    const node = h("button", {
        type: "button", class: `button ${["primary", "danger"].includes(element.style) ? element.style : ""}`,
        "aria-label": element.accessibility_label, data: { action: element.action_id ?? "" },
        onclick: async () => {
            if (node.ariaDisabled === "true") return;
            const ask = element.confirm;
            if (ask && !(await confirm_dialog({
                title: text_object(ask.title, names), text: text_object(ask.text, names), danger: ask.style === "danger",
                yes: ask.confirm?.text ?? "Yes", no: ask.deny?.text ?? "Cancel",
            }))) return;
            if (url) window.open(url, "_blank", "noopener");
            // One press is one press, however nervous the finger; the message usually changes before this ends.
            node.ariaDisabled = "true";
            setTimeout(() => { node.ariaDisabled = null; }, 900);
            press(block_id, element.action_id);
        },
    }, text_object(element.text, names));
    return node;
}

function image(element) {
    const url = safe_url(element.image_url ?? "");
    const label = element.alt_text || "image";
    return url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label) : h("span", {}, label);
}

function element_node(element, block_id, names, press) {
    switch (element.type) {
    case "button": return button(element, block_id, names, press);
    case "image": return image(element);
    case "mrkdwn":
    case "markdown":
    case "plain_text": return h("span", { class: "text", dir: "auto" }, text_object(element, names));
    default: return h("span", { class: "unsupported" }, `(${element.type})`);
    }
}

function block_node(block, block_id, names, press, form) {
    switch (block.type) {
    case "section":
        return h("div", { class: "block section" },
            h("div", { class: "section-text" },
                block.text ? h("div", { class: "text", dir: "auto" }, text_object(block.text, names)) : null,
                block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text", dir: "auto" }, text_object(field, names)))) : null),
            block.accessory ? h("div", { class: "accessory" }, element_node(block.accessory, block_id, names, press)) : null);
    case "header":
        return h("h3", { class: "block header", dir: "auto" }, text_object(block.text, names));
    case "context":
        return h("div", { class: "block context" }, (block.elements ?? []).map((element) => element_node(element, block_id, names, press)));
    case "divider":
        return h("hr", { class: "block" });
    case "actions":
        return h("div", { class: "block actions" }, (block.elements ?? []).map((element) => element_node(element, block_id, names, press)));
    case "image":
        return h("div", { class: "block" }, image(block));
    case "input":
        return form ? input_block(block, block_id, names, form) : null;
    default:
        return h("div", { class: "block unsupported" }, `(${block.type})`);
    }
}

// press(block_id, action_id) is called by buttons; form collects the fields of a modal (inputs.js).
export function render_blocks(blocks, names, press, form = null) {
    const node = h("div", { class: "blocks" });
    let frame = null; // what belongs to one attachment stands in one frame
    blocks.forEach((block, i) => {
        const made = block_node(block, block.block_id ?? `b${i}`, names, press, form);
        if (block.attachment === undefined) {
            node.append(made ?? "");
            return;
        }
        if (frame?.number !== block.attachment) {
            frame = { number: block.attachment, node: h("div", { class: "attachment" }) };
            if (/^#[0-9a-f]{3,8}$/i.test(block.color ?? "")) frame.node.style.borderInlineStartColor = block.color;
            else if (["good", "warning", "danger"].includes(block.color)) frame.node.classList.add(block.color);
            node.append(frame.node);
        }
        frame.node.append(made ?? "");
    });
    return node;
}

// What people type comes back as rich_text, which says the same as the message's text.
export const has_own_blocks = (message) => Array.isArray(message.blocks) && message.blocks.length > 0 && !message.blocks.some((block) => block.type === "rich_text");
