// Messages' texts: Slack's mrkdwn as DOM nodes here, Mattermost's Markdown in markdown.js. The source is somebody's message and may be hostile: it only ever
// becomes text nodes, and links only to http, https and mailto.
//
// names: { person(id) → {label, me} or null, channel(id) → name or null, now(), zone() }

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { plain_markdown, render_markdown } from "./markdown.js";
import { safe_url } from "./safe.js";
import { date_token } from "./zones.js";

const SPECIAL = /[<`*_~:]|https?:\/\//g;
const SHORT_NAME = /:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/y;
const BARE_LINK = /https?:\/\/[^\s<>|]+/y;
const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const BIG = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u;

export const unescape = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

function link(href, label) {
    const url = safe_url(href);
    if (!url) return document.createTextNode(label);
    return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

function date(content, fallback, names) {
    const [, seconds, pattern = "", href] = content.split("^");
    const ms = Number(seconds) * 1000;
    if (!/^\d{1,12}$/.test(seconds ?? "") || !pattern) return document.createTextNode(unescape(fallback ?? ""));
    const text = unescape(pattern).replace(/\{(\w+)\}/g, (all, name) => date_token(name, ms, names.now(), names.zone()) ?? all);
    return href ? link(unescape(href), text) : h("time", { datetime: new Date(ms).toISOString() }, text);
}

// What stands between < and >: {node, plain}.
function token(content, names) {
    const bar = content.indexOf("|");
    const head = bar < 0 ? content : content.slice(0, bar);
    const label = bar < 0 ? null : unescape(content.slice(bar + 1));
    if (/^@[UWB]\w+$/.test(head)) {
        const person = names.person(head.slice(1));
        const text = `@${person?.label ?? label ?? head.slice(1)}`;
        return h("span", { class: person?.me ? "chip chip-me" : "chip" }, h("bdi", {}, text));
    }
    if (/^#[CG]\w+$/.test(head)) {
        const name = names.channel(head.slice(1));
        if (name) return h("button", { type: "button", class: "chip chip-link", data: { goChannel: head.slice(1) } }, `#${name}`);
        return h("span", { class: "chip" }, label ? `#${label}` : "#private channel");
    }
    if (head.startsWith("!date^")) return date(head, bar < 0 ? null : content.slice(bar + 1), names);
    if (/^!(here|channel|everyone)$/.test(head)) return h("span", { class: "chip chip-loud" }, `@${head.slice(1)}`);
    if (head.startsWith("!")) return h("span", { class: "chip" }, label ?? head.slice(1));
    return link(unescape(head), label || unescape(head));
}

const style_opens = (line, i) => (i === 0 || !WORD.test(line[i - 1])) && i + 1 < line.length && !/\s/.test(line[i + 1]) && line[i + 1] !== line[i];

// Where the style that opens at start ends, or -1; what stands in <…> or `…` does not count.
function style_end(line, start) {
    const mark = line[start];
    for (let i = start + 1; i < line.length; i++) {
        if (line[i] === "<" || line[i] === "`") {
            const end = line.indexOf(line[i] === "<" ? ">" : "`", i + 1);
            if (end > 0) i = end;
        } else if (line[i] === mark && i > start + 1 && !/\s/.test(line[i - 1]) && (i + 1 === line.length || !WORD.test(line[i + 1]))) {
            return i;
        }
    }
    return -1;
}

function inline(parent, line, names, open) {
    const hopeless = new Set(); // marks that have no end further on, so that a long line stays linear
    let from = 0;
    let i = 0;
    const flush = (to) => {
        if (to > from) parent.append(unescape(line.slice(from, to)));
    };
    for (;;) {
        SPECIAL.lastIndex = i;
        const found = SPECIAL.exec(line);
        if (!found) break;
        i = found.index;
        const mark = line[i];
        let end = -1;
        let node = null;
        if (mark === "<" || mark === "`") {
            const close = hopeless.has(mark) ? -1 : line.indexOf(mark === "<" ? ">" : "`", i + 1);
            if (close < 0) hopeless.add(mark);
            if (close > i + 1) {
                end = close + 1;
                const content = line.slice(i + 1, close);
                node = mark === "<" ? token(content, names) : h("code", {}, content.includes("<") ? plain_text(content, names) : unescape(content));
            }
        } else if (mark === ":") {
            SHORT_NAME.lastIndex = i;
            const name = SHORT_NAME.exec(line);
            const char = name && emoji(name[1]);
            if (char) {
                end = SHORT_NAME.lastIndex;
                node = h("span", { class: "emoji", title: `:${name[1]}:` }, char);
            }
        } else if (mark === "h") {
            BARE_LINK.lastIndex = i;
            const url = BARE_LINK.exec(line)?.[0].replace(/[.,;:!?)\]'"*_~]+$/, "");
            if (url && url.length > 8) {
                end = i + url.length;
                node = link(unescape(url), unescape(url));
            }
        } else if (!open.includes(mark) && !hopeless.has(mark) && style_opens(line, i)) {
            const close = style_end(line, i);
            if (close < 0) hopeless.add(mark);
            else {
                end = close + 1;
                node = h(STYLES[mark]);
                inline(node, line.slice(i + 1, close), names, open + mark);
            }
        }
        if (node) {
            flush(i);
            parent.append(node);
            from = i = end;
        } else {
            i++;
        }
    }
    flush(line.length);
}

function lines(parent, text, names) {
    let quote = null;
    let rest = false; // >>> quotes all that follows
    let plain = null;
    for (const line of text.split("\n")) {
        const mark = rest ? "" : /^(?:>|&gt;){3}|^(?:>|&gt;)/.exec(line)?.[0];
        if (mark !== undefined) {
            rest ||= mark.replace(/&gt;/g, ">").length === 3;
            if (quote) quote.append("\n");
            else parent.append((quote = h("blockquote")));
            inline(quote, line.slice(mark.length).replace(/^ /, ""), names, "");
            plain = null;
        } else {
            if (plain) plain.append("\n");
            else parent.append((plain = h("span", { class: "lines" })));
            inline(plain, line, names, "");
            quote = null;
        }
    }
}

export function render_text(source, names) {
    if (names.markdown()) return render_markdown(source, names);
    const out = document.createDocumentFragment();
    const parts = String(source ?? "").split("```");
    if (parts.length % 2 === 0) parts.push(`${parts.splice(-2, 1)[0]}\`\`\`${parts.pop()}`);
    parts.forEach((part, i) => {
        if (i % 2) {
            out.append(h("pre", {}, plain_text(part.replace(/^\n/, "").replace(/\n$/, ""), names)));
        } else {
            const text = part.replace(i > 0 ? /^\n/ : /^$/, "").replace(i + 1 < parts.length ? /\n$/ : /$^/, "");
            if (text) lines(out, text, names);
        }
    });
    return out;
}

// The same words without notation: for announcements, and to edit what one has written.
export function plain_text(source, names, { typed = false } = {}) {
    if (names.markdown()) return typed ? String(source ?? "") : plain_markdown(source, names);
    return unescape(String(source ?? "").replace(/<([^<>]+)>/g, (_, content) => {
        const bar = content.indexOf("|");
        const head = bar < 0 ? content : content.slice(0, bar);
        const label = bar < 0 ? null : content.slice(bar + 1);
        if (/^@[UWB]\w+$/.test(head)) {
            const person = names.person(head.slice(1));
            return `@${(typed ? person?.name : person?.label) ?? label ?? head.slice(1)}`;
        }
        if (/^#[CG]\w+$/.test(head)) return `#${names.channel(head.slice(1)) ?? label ?? "private channel"}`;
        if (head.startsWith("!date^")) return date(head, label, names).textContent.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
        if (head.startsWith("!")) return `@${label ?? head.slice(1)}`;
        return typed ? head : label ?? head;
    }));
}

// A text object of blocks: mrkdwn and markdown are rendered, plain_text knows no notation but emoji's names, literal none.
export function text_object(object, names) {
    if (!object) return "";
    if (object.type === "mrkdwn" || object.type === "markdown") return render_text(object.text, names);
    if (object.type === "literal") return String(object.text ?? "");
    return unescape(String(object.text ?? "")).replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji(name) ?? all);
}

// Nothing but a few emoji is shown large, as chats do.
export function only_emoji(source) {
    const text = String(source ?? "").replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji(name) ?? all).trim();
    return text.length > 0 && text.length < 50 && BIG.test(text);
}
