// A list of messages: the channel's, or a thread's.

import { avatar, h, icon, keep_children, open_menu } from "./dom.js";
import { has_own_blocks, render_blocks } from "./blocks.js";
import { emoji } from "./emoji.js";
import { only_emoji, plain_text, render_text } from "./text.js";
import { clock_time, day_key, day_name, full_time, short_day, ts_ms } from "./zones.js";
import { is_reply, my_zone, names, now, person, whole_text, world } from "./state.js";

const LONG = 4000;       // characters after which a message is folded
const GROUP_MS = 300000; // messages of one person this close stand under one name
const PAGE = 200;        // messages shown at first

const has_buttons = (message) => (message.blocks ?? []).some((block) => block.type === "actions");

export class MessageList {
    // act: {open_thread(ts), press(message, block_id, action_id), shortcut(callback, ts), edit(ts, text), remove(message)}
    constructor(root, act, in_thread) {
        this.root = root;
        this.act = act;
        this.in_thread = in_thread;
        this.unfolded = new Set();
        this.editing = null;
        this.shown = PAGE;
        this.key = null;
        this.glued = true; // at the bottom, where new messages keep it
        root.addEventListener("scroll", () => { this.glued = root.scrollHeight - root.scrollTop - root.clientHeight < 60; });
        new ResizeObserver(() => this.stick()).observe(root);
    }

    stick() {
        if (this.glued) this.root.scrollTop = this.root.scrollHeight;
    }

    // entries: top_level()'s form; intro: a node said before the first; key: what is shown, to know when it is another.
    draw(key, entries, { intro = null, new_from = null } = {}) {
        if (this.key !== key) {
            this.key = key;
            this.shown = PAGE;
            this.editing = null;
            this.glued = true;
            this.root.replaceChildren();
        }
        const wanted = [];
        const zone = my_zone();
        const hidden = Math.max(0, entries.length - this.shown);
        if (hidden) wanted.push({ key: "earlier", sign: String(hidden), make: () => h("button", { type: "button", class: "link-button earlier", onclick: () => { this.shown += PAGE * 5; this.act.redraw(); } }, `Show earlier messages (${hidden})`) });
        else if (intro) wanted.push({ key: "intro", sign: intro.sign, make: intro.make });
        let before = null;
        let line_drawn = false;
        for (const entry of entries.slice(hidden)) {
            const { message } = entry;
            const ms = ts_ms(message.ts);
            if (!this.in_thread && (!before || day_key(ts_ms(before.ts), zone) !== day_key(ms, zone))) {
                const label = day_name(ms, now(), zone);
                wanted.push({ key: `day${message.ts}`, sign: label + zone, make: () => h("div", { class: "day", role: "separator" }, h("span", {}, label)) });
                before = null;
            }
            if (new_from !== null && !line_drawn && message.ts > new_from && message.user !== world.me && !message.warning) {
                line_drawn = true;
                wanted.push({ key: "new", sign: message.ts, make: () => h("div", { class: "new-line", role: "separator" }, h("span", {}, "New")) });
                before = null;
            }
            const joined = before && before.user === message.user && before.user !== null && !before.gone && !before.subtype && !message.subtype && !before.ephemeral === !message.ephemeral
                && ms - ts_ms(before.ts) < GROUP_MS && !entry.head && (this.in_thread || !has_buttons(message));
            const editing = this.editing === message.ts;
            const sign = JSON.stringify([message, entry.count, entry.last, entry.unread, joined, editing, this.unfolded.has(message.ts), zone, world.me, day_key(now(), zone)]);
            wanted.push({ key: message.ts, sign, make: () => this.message(entry, joined, editing) });
            if (entry.head) wanted.push({ key: "count", sign: String(entry.count), make: () => h("div", { class: "day reply-count", role: "separator" }, h("span", {}, entry.count === 1 ? "1 reply" : `${entry.count} replies`)) });
            before = entry.head ? null : message;
        }
        keep_children(this.root, wanted);
        this.stick();
    }

    message(entry, joined, editing) {
        const { message } = entry;
        const zone = my_zone();
        const ms = ts_ms(message.ts);
        const who = person(message.user) ?? { id: message.user ?? "", name: message.user ?? "", real_name: message.bot ? world.bot.name : message.user ?? "Somebody", bot: Boolean(message.bot) };
        if (message.gone || message.subtype === "tombstone") return h("article", { class: "message gone", data: { ts: message.ts }, "aria-label": "Deleted message" }, h("div", { class: "gutter" }), h("div", { class: "body" }, h("em", {}, "This message was deleted."), entry.count ? this.replies(entry) : null));
        if (message.warning) return this.warning(message);
        const name = who.real_name || who.name;
        const time = h("time", { datetime: new Date(ms).toISOString(), title: `${full_time(ms, zone)} · ${zone}` }, clock_time(ms, zone));
        if (/_(join|leave)$|^system_/.test(message.subtype ?? "")) return h("article", { class: "message event", data: { ts: message.ts } }, h("div", { class: "gutter" }, avatar(who, "small")), h("div", { class: "body text" }, render_text(message.text, names), " ", time));
        const content = editing ? this.editor(message) : this.content(message);
        const node = h("article", {
            class: `message ${joined ? "joined" : ""} ${message.ephemeral ? "ephemeral" : ""} ${who.bot ? "from-bot" : ""}`,
            data: { ts: message.ts, user: message.user ?? "" }, "aria-label": `${name}, ${clock_time(ms, zone)}`,
        },
        h("div", { class: "gutter" }, joined ? time : avatar(who)),
        h("div", { class: "body" },
            message.ephemeral ? h("div", { class: "only-you" }, icon("eye"), "Only visible to you",
                h("button", { type: "button", class: "link-button", onclick: () => this.act.dismiss(message) }, "Dismiss")) : null,
            joined ? null : h("div", { class: "who" }, h("bdi", { class: "name" }, name), who.bot ? h("span", { class: "badge" }, "APP") : null, time),
            content,
            this.files(message),
            message.edited && !editing ? h("span", { class: "edited" }, "(edited)") : null,
            this.reactions(message),
            entry.count && !entry.head ? this.replies(entry) : null));
        if (!editing) node.append(this.tools(message));
        return node;
    }

    warning(message) {
        return h("article", { class: "message warning", data: { ts: message.ts }, "aria-label": "Notice" },
            h("div", { class: "gutter" }, icon("warn")),
            h("div", { class: "body" },
                h("div", { class: "only-you" }, "Only visible to you", h("button", { type: "button", class: "link-button", onclick: () => this.act.dismiss(message) }, "Dismiss")),
                h("div", { class: "text", dir: "auto" }, message.text)));
    }

    content(message) {
        const text = has_own_blocks(message)
            ? render_blocks(message.blocks, names, (block_id, action_id) => this.act.press(message, block_id, action_id))
            : h("div", { class: `text ${only_emoji(message.text) ? "jumbo" : ""}`, dir: "auto" }, render_text(message.text, names));
        if (whole_text(message).length <= LONG) return text;
        const open = this.unfolded.has(message.ts);
        return h("div", {}, h("div", { class: open ? "" : "folded" }, text),
            h("button", {
                type: "button", class: "link-button", "aria-expanded": String(open),
                onclick: () => { this.unfolded[open ? "delete" : "add"](message.ts); this.glued = false; this.act.redraw(); },
            }, open ? "Show less" : "Show more"));
    }

    files(message) {
        if (!message.files?.length) return null;
        return h("div", { class: "files" }, message.files.map((file) => h("a", {
            class: "file", href: `/sandbox/file/${encodeURIComponent(file.id)}`, download: file.name,
        }, h("bdi", {}, file.name), h("span", { class: "size" }, `${Math.max(1, Math.round(file.size / 1024))} KB`))));
    }

    editor(message) {
        const field = h("textarea", { rows: 2, dir: "auto", "aria-label": "Edit message", maxlength: 12000 });
        field.value = plain_text(message.text, names, { typed: true });
        const save = () => {
            const text = field.value.trim();
            if (!text) return;
            this.stop_editing();
            this.act.edit(message.ts, text);
        };
        field.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
                event.preventDefault();
                save();
            } else if (event.key === "Escape") {
                event.preventDefault();
                event.stopPropagation();
                this.stop_editing();
            }
        });
        queueMicrotask(() => {
            field.style.height = `${Math.min(field.scrollHeight, 300)}px`;
            field.focus();
        });
        return h("div", { class: "editor" }, field, h("div", { class: "editor-foot" },
            h("button", { type: "button", class: "button", onclick: () => this.stop_editing() }, "Cancel"),
            h("button", { type: "button", class: "button primary", onclick: save }, "Save")));
    }

    start_editing(ts) {
        this.editing = ts;
        this.act.redraw();
    }

    stop_editing() {
        this.editing = null;
        this.act.redraw();
        this.act.focus_composer();
    }

    reactions(message) {
        const all = (message.reactions ?? []).filter((one) => one.count !== 0);
        if (!all.length) return null;
        return h("ul", { class: "reactions", "aria-label": "Reactions" }, all.map((one) => h("li", { class: "reaction", title: `:${one.name}:` }, h("span", {}, emoji(one.name) ?? `:${one.name}:`), h("span", {}, String(one.count ?? 1)))));
    }

    replies(entry) {
        const last = ts_ms(entry.last);
        const zone = my_zone();
        const when = day_key(last, zone) === day_key(now(), zone) ? clock_time(last, zone) : short_day(last, zone);
        return h("button", { type: "button", class: `replies ${entry.unread ? "calls" : ""}`, onclick: () => this.act.open_thread(entry.message.ts) },
            h("span", { class: "faces" }, entry.people.slice(0, 3).map((id) => avatar(person(id) ?? { id: id ?? "", bot: id === world.bot.id }, "small"))),
            h("strong", {}, entry.count === 1 ? "1 reply" : `${entry.count} replies`),
            h("span", { class: "last-reply" }, entry.unread ? "for you" : `last ${when}`));
    }

    tools(message) {
        const own = message.user === world.me && !message.ephemeral;
        const shortcuts = message.ephemeral ? [] : world.shortcuts.filter((one) => one.type === "message");
        const entries = shortcuts.map((one) => ({ label: one.name, note: world.bot.name, run: () => this.act.shortcut(one.callback_id, message.ts) }));
        if (own) {
            entries.push({ label: "Edit message", run: () => this.start_editing(message.ts) });
            entries.push({ label: "Delete message", danger: true, run: () => this.act.remove(message) });
        }
        const can_reply = !this.in_thread && !is_reply(message) && !message.ephemeral;
        if (can_reply) entries.unshift({ label: "Reply in thread", run: () => this.act.open_thread(message.ts) });
        if (!entries.length) return "";
        return h("div", { class: "tools", role: "group", "aria-label": "Message actions" },
            can_reply ? h("button", { type: "button", class: "icon-button quick", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => this.act.open_thread(message.ts) }, icon("reply")) : null,
            h("button", { type: "button", class: "icon-button", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", "aria-expanded": "false", onclick: (event) => open_menu(event.currentTarget, entries) }, icon("more")));
    }

    // Brings a message into view and lets it glow for a moment.
    point_at(ts) {
        const node = this.root.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
        if (!node) return false;
        this.glued = false;
        node.scrollIntoView({ block: "center" });
        node.classList.add("pointed");
        node.addEventListener("animationend", () => node.classList.remove("pointed"), { once: true });
        return true;
    }
}
