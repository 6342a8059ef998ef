// Mattermost's Markdown as DOM nodes. The source is somebody's message and may be hostile: it only ever becomes text
// nodes, and links only to http, https and mailto.
//
// names: as in text.js, and by_name(name) → {label, me, id} or null, channel_by_name(name) → id or null

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { safe_url } from "./safe.js";

const SPECIAL = /[\\`*_~[:@&h]/g;
const ENTITY = /&(?:(amp|lt|gt|quot)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));/y;
const SHORT_NAME = /:([a-z0-9_+'-]{1,60}):/y;
const BARE_LINK = /https?:\/\/[^\s<>|]+/y;
const MENTION = /@([a-z0-9][a-z0-9._-]*)/iy;
const CHANNEL = /~([a-z0-9][a-z0-9_-]*)/y;
const WORD = /[\p{L}\p{N}_]/u;
const LOUD = ["channel", "all", "here"];
const NAMED = { amp: "&", lt: "<", gt: ">", quot: "\"" };

const at = (pattern, text, i) => {
    pattern.lastIndex = i;
    return pattern.exec(text);
};

function character(found) {
    if (found[1]) return NAMED[found[1]];
    const code = found[2] ? Number(found[2]) : parseInt(found[3], 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : found[0];
}

export function link(href, children) {
    const url = safe_url(href);
    return url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children) : h("span", {}, children);
}

// Where the run of `length` marks that opened before `from` closes, or -1.
function closing(text, from, mark, length) {
    for (let i = from; i < text.length; i++) {
        if (text[i] === "\\") i++;
        else if (text[i] === mark) {
            let run = 1;
            while (text[i + run] === mark) run++;
            if (run === length && !/\s/.test(text[i - 1])) return i;
            i += run - 1;
        }
    }
    return -1;
}

function code(text, i) {
    let run = 1;
    while (text[i + run] === "`") run++;
    for (let end = text.indexOf("`", i + run); end >= 0;) {
        let found = 1;
        while (text[end + found] === "`") found++;
        if (found === run) return { end: end + run, node: h("code", {}, text.slice(i + run, end)) };
        end = text.indexOf("`", end + found);
    }
    return { end: i + run, node: document.createTextNode(text.slice(i, i + run)) };
}

function bracket(text, i, names, depth) {
    let open = 0;
    for (let end = i; end < text.length; end++) {
        if (text[end] === "\\") end++;
        else if (text[end] === "[") open++;
        else if (text[end] === "]" && --open === 0) {
            const close = text[end + 1] === "(" ? text.indexOf(")", end) : -1;
            if (close < 0) return null;
            const label = document.createDocumentFragment();
            inline(label, text.slice(i + 1, end), names, depth + 1);
            return { end: close + 1, node: link(text.slice(end + 2, close).trim().split(/\s/)[0] ?? "", label) };
        }
    }
    return null;
}

function emphasis(text, i, names, depth) {
    const mark = text[i];
    let run = 1;
    while (text[i + run] === mark) run++;
    const dull = { end: i + run, node: document.createTextNode(text.slice(i, i + run)) };
    if (run > 3 || (mark === "~" && run !== 2) || i + run >= text.length || /\s/.test(text[i + run])) return dull;
    if (mark === "_" && i > 0 && WORD.test(text[i - 1])) return dull;
    const close = closing(text, i + run, mark, run);
    if (close < 0 || (mark === "_" && WORD.test(text[close + run] ?? " "))) return dull;
    const node = h(mark === "~" ? "s" : run === 1 ? "em" : "strong");
    inline(node, text.slice(i + run, close), names, depth + 1);
    return { end: close + run, node: run === 3 ? h("em", {}, node) : node };
}

function mention(text, i, names) {
    const found = i === 0 || !/[\p{L}\p{N}._-]/u.test(text[i - 1]) ? at(MENTION, text, i) : null;
    const whole = found?.[1].toLowerCase() ?? "";
    for (const name of new Set([whole, whole.replace(/[._-]+$/, "")])) { // what ends a sentence may follow
        const person = name && names.by_name(name);
        if (person) return { end: i + 1 + name.length, node: h("span", { class: person.me ? "chip chip-me" : "chip" }, h("bdi", {}, `@${name}`)) };
        if (LOUD.includes(name)) return { end: i + 1 + name.length, node: h("span", { class: "chip chip-loud" }, `@${name}`) };
    }
    return null;
}

function channel(text, i, names) {
    const found = i === 0 || !WORD.test(text[i - 1]) ? at(CHANNEL, text, i) : null;
    const id = found && names.channel_by_name(found[1]);
    return id ? { end: i + found[0].length, node: h("button", { type: "button", class: "chip chip-link", data: { goChannel: id } }, found[0]) } : null;
}

// What begins at i: {end, node}, or null when it is nothing but a character.
function piece(text, i, names, depth) {
    switch (text[i]) {
    case "\\":
        return /[!-/:-@[-`{-~]/.test(text[i + 1] ?? "") ? { end: i + 2, node: document.createTextNode(text[i + 1]) } : null;
    case "&": {
        const found = at(ENTITY, text, i);
        return found && { end: i + found[0].length, node: document.createTextNode(character(found)) };
    }
    case "`": return code(text, i);
    case "[": return depth < 8 ? bracket(text, i, names, depth) : null;
    case "~": return channel(text, i, names) ?? emphasis(text, i, names, depth);
    case "*":
    case "_": return depth < 8 ? emphasis(text, i, names, depth) : null;
    case "@": return mention(text, i, names);
    case ":": {
        const found = at(SHORT_NAME, text, i);
        const char = found && emoji(found[1]);
        return char ? { end: i + found[0].length, node: h("span", { class: "emoji", title: found[0] }, char) } : null;
    }
    default: {
        const url = (i === 0 || !WORD.test(text[i - 1])) && at(BARE_LINK, text, i)?.[0].replace(/[.,;:!?)\]'"*_~]+$/, "");
        return url && url.length > 8 ? { end: i + url.length, node: link(url, url) } : null;
    }
    }
}

function inline(parent, text, names, depth = 0) {
    let from = 0;
    for (let i = 0; ;) {
        SPECIAL.lastIndex = i;
        const found = SPECIAL.exec(text);
        if (!found) break;
        const part = piece(text, found.index, names, depth);
        i = part ? part.end : found.index + 1;
        if (!part) continue;
        if (found.index > from) parent.append(text.slice(from, found.index));
        parent.append(part.node);
        from = i;
    }
    if (from < text.length) parent.append(text.slice(from));
}

const LISTED = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;

export function render_markdown(source, names) {
    const out = document.createDocumentFragment();
    let open = null; // the paragraph, quotation or list at hand
    const into = (kind, make) => {
        if (open?.kind === kind) {
            if (kind === "p" || kind === "quote") open.node.append("\n");
            return open.node;
        }
        open = { kind, node: make() };
        out.append(open.node);
        return open.node;
    };
    const rows = String(source ?? "").split("\n");
    for (let i = 0; i < rows.length; i++) {
        const row = rows[i];
        const fence = /^\s*(`{3,}|~{3,})/.exec(row)?.[1];
        const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(row);
        const item = LISTED.exec(row);
        if (fence) {
            const end = rows.findIndex((other, j) => j > i && other.trim().startsWith(fence));
            out.append(h("pre", {}, rows.slice(i + 1, end < 0 ? rows.length : end).join("\n")));
            i = end < 0 ? rows.length : end;
            open = null;
        } else if (heading) {
            const node = h(`h${Math.min(6, heading[1].length + 2)}`, { class: "md-heading" });
            inline(node, heading[2], names);
            out.append(node);
            open = null;
        } else if (/^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,})$/.test(row)) {
            out.append(h("hr"));
            open = null;
        } else if (/^\s*>/.test(row)) {
            inline(into("quote", () => h("blockquote")), row.replace(/^\s*>\s?/, ""), names);
        } else if (item) {
            const node = h("li", item[2] ? { value: Number(item[2]) } : {});
            inline(node, item[3], names);
            into(item[2] ? "ol" : "ul", () => h(item[2] ? "ol" : "ul")).append(node);
        } else if (!row.trim() && open?.kind !== "p") {
            open = null;
        } else {
            inline(into("p", () => h("span", { class: "lines" })), row, names);
        }
    }
    return out;
}

// The same words without notation: for announcements.
export function plain_markdown(source, names) {
    return h("div", {}, render_markdown(source, names)).textContent;
}
