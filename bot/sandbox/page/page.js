// The chat page: hears the sandbox, draws what it says, and tells it what people do.

import { avatar, close_menu, confirm_dialog, h, icon, open_menu } from "./dom.js";
import { render_blocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { Forms } from "./forms.js";
import { Guide } from "./guide.js";
import { Link } from "./link.js";
import { MessageList } from "./messages.js";
import { draw_sidebar } from "./sidebar.js";
import { clock_time, full_time, next_monday_nine, short_day } from "./zones.js";
import {
    channel, channel_label, direct, drop_message, get_message, is_reply, last_person, mark_read, my_zone, names, now, put_history,
    put_message, put_private, put_warning, read_mark, remember_person, set_now, spoken, thread_of, top_level, whole_text, world,
} from "./state.js";

const $ = (id) => document.getElementById(id);
const drafts = new Map(); // person/channel/thread → text being written
let new_from = null;      // where the line "New" is drawn in the channel shown
let wanted_place = null;  // a deep link not yet followed
let waiting = new Set();  // channels whose history was asked for
let last_pane = null;     // {channel, thread}: where this person last did something
let focus_next = null;    // where the focus goes when all is drawn
let ever_linked = false;
const FIRST = "dana";   // who one is at first

function send(message) {
    const sent = link.send(message);
    if (sent) guide.sent(message);
    else draw_banner();
    return sent;
}

// ---- where one is

function draft_key() {
    return `${world.me}/${world.place.channel}`;
}

function keep_drafts() {
    drafts.set(draft_key(), composer.text);
    if (world.place.thread) drafts.set(`${draft_key()}/${world.place.thread}`, reply_composer.text);
}

// The line "New" stands above what was unread when the channel was entered.
function note_new(id) {
    const mark = read_mark(id);
    new_from = mark && top_level(id).some(({ message }) => message.ts > mark && message.user !== world.me) ? mark : null;
}

const narrow = () => matchMedia("(max-width: 760px)").matches;

function go(id, { thread = null, ts = null, focus = true } = {}) {
    if (!channel(id)) return;
    keep_drafts();
    close_drawer();
    const moved = world.place.channel !== id || world.place.home;
    if (moved) note_new(id);
    world.place = { channel: id, thread, home: false };
    composer.text = drafts.get(draft_key()) ?? "";
    reply_composer.text = thread ? drafts.get(`${draft_key()}/${thread}`) ?? "" : "";
    world.pointed = ts;
    if (focus && !narrow()) focus_next = () => (thread ? reply_composer : composer).field.focus();
    draw();
}

function go_home() {
    keep_drafts();
    close_drawer();
    world.place = { ...world.place, thread: null, home: true };
    send({ do: "home" });
    focus_next = () => $("home").focus();
    draw();
}

function open_thread(ts) {
    go(world.place.channel, { thread: ts });
    focus_next = () => (narrow() ? $("thread").querySelector(".icon-button") : reply_composer.field).focus();
}

function close_thread() {
    const ts = world.place.thread;
    go(world.place.channel);
    focus_next = () => ($("messages").querySelector(`[data-ts="${CSS.escape(ts)}"] .replies`) ?? composer.field).focus();
}

function become(id) {
    close_drawer();
    if (id === world.me) return;
    keep_drafts();
    remember_person(id);
    if (!send({ do: "enter", as: id })) draw();
}

// A link to a message: #C…/ts, with /thread when its thread is open, as the page's own address shows it, or a permalink's path.
function read_link(url) {
    const hash = /^#([CDG]\w+)(?:\/(\d+\.\d+)(\/thread)?)?$/.exec(url.hash);
    if (hash) return { channel: hash[1], ts: hash[2] ?? null, open: Boolean(hash[3]) };
    const path = /\/archives\/([CDG]\w+)\/p(\d+)(\d{6})$/.exec(url.pathname);
    return path ? { channel: path[1], ts: `${path[2]}.${path[3]}` } : null;
}

function follow(target) {
    if (!channel(target.channel)) return;
    const message = target.ts ? get_message(target.channel, target.ts) : null;
    const thread = message && is_reply(message) ? message.thread_ts : target.open ? target.ts : null;
    go(target.channel, { thread, ts: target.open ? null : target.ts });
}

// ---- what people do

function post(text, thread) {
    last_pane = { channel: world.place.channel, thread };
    (thread ? thread_list : channel_list).glued = true; // who writes wants to see what follows
    const there = channel(world.place.channel);
    const invite = /^\/(invite|remove)\s+@?(\S+)$/.exec(text);
    if (invite && !thread && [world.bot.name, names.person(world.bot.id)?.label].includes(invite[2])) return send({ do: invite[1], channel: there.id });
    if (thread && world.platform === "slack" && /^\/\w/.test(text)) {
        const plain = text.replace(/^\/(ask\s*)?/, "");
        put_warning(there.id, thread, `Slack has no slash-commands in threads. Write “@${world.bot.name} ${plain}” instead.`);
        draw();
        return true;
    }
    return send({ do: "post", channel: there.id, thread, text });
}

function edit_last(thread) {
    const here = world.place.channel;
    const mine = [...(world.messages.get(here)?.values() ?? [])].filter((message) => message.user === world.me && (thread ? message.thread_ts === thread && is_reply(message) : !is_reply(message)));
    const last = mine.sort((a, b) => (a.ts < b.ts ? -1 : 1)).at(-1);
    if (last) (thread ? thread_list : channel_list).start_editing(last.ts);
}

function shortcut_menu(button) {
    const entries = world.shortcuts.filter((one) => one.type === "global").map((one) => ({ label: one.name, note: world.bot.name, run: () => send({ do: "shortcut", callback_id: one.callback_id }) }));
    if (!entries.length) entries.push({ label: "No shortcuts here", run: () => {} });
    open_menu(button, entries);
}

function list_actions(in_thread) {
    const pane = () => ({ channel: world.place.channel, thread: in_thread ? world.place.thread : null });
    return {
        open_thread,
        press(message, block_id, action_id) {
            last_pane = pane();
            send({ do: "press", channel: world.place.channel, ts: message.ts, block_id, action_id });
        },
        shortcut(callback_id, ts) {
            last_pane = pane();
            send({ do: "shortcut", callback_id, channel: world.place.channel, ts });
        },
        edit: (ts, text) => send({ do: "edit", channel: world.place.channel, ts, text }),
        async remove(message) {
            const text = "Delete this message? This cannot be undone.";
            if (await confirm_dialog({ title: "Delete message", text, yes: "Delete", no: "Cancel", danger: true })) send({ do: "delete", channel: world.place.channel, ts: message.ts });
        },
        dismiss(message) {
            drop_message(world.place.channel, message.ts);
            draw();
        },
        redraw: draw,
        focus_composer: () => (in_thread ? reply_composer : composer).field.focus(),
    };
}

function open_card() {
    const here = world.channels.find((one) => one.id === world.place.channel) ?? world.channels[0];
    const cards = top_level(here.id).filter(({ message }) => message.user === world.bot.id && !message.ephemeral && message.blocks?.some((block) => block.type === "actions"));
    const card = cards.filter((entry) => entry.unread).at(-1) ?? cards.filter((entry) => entry.count).at(-1) ?? cards.at(-1);
    if (card) go(here.id, { thread: card.message.ts });
    else guide_fill("/ask Add SSO for Acme by June");
}

function guide_fill(text) {
    const place = channel(world.place.channel);
    const asks = world.channels.find((one) => one.bot_member && !one.direct);
    if (asks && (world.place.home || !place?.bot_member)) go(asks.id);
    composer.fill(text);
}

// ---- what the sandbox says

function ask_history() {
    waiting = new Set(world.channels.map((one) => one.id));
    for (const one of world.channels) link.send({ do: "history", channel: one.id });
}

const see = {
    workspace(said) {
        const other = world.me !== said.me;
        if (!other) keep_drafts();
        const channels = JSON.stringify(world.channels.map((one) => one.id));
        world.me = said.me;
        world.people = said.people ?? [];
        world.channels = said.channels ?? [];
        world.bot = said.bot ?? world.bot;
        world.shortcuts = said.shortcuts ?? [];
        world.platform = said.platform ?? "slack";
        world.title = said.title ?? "Slack";
        world.has_home = said.home !== false;
        document.documentElement.dataset.platform = world.platform;
        if (!world.has_home && world.place.home) world.place.home = false;
        world.connected = said.connected !== false;
        set_now(said.now ?? Date.now());
        remember_person(said.me);
        if (other || !ever_linked) {
            world.messages.clear();
            world.home = null;
            close_menu();
            if (other) forms.clear();
        }
        const stay = channel(world.place.channel);
        const first = world.channels.find((one) => one.bot_member && !one.direct && !one.private) ?? world.channels[0];
        // The direct channel is each person's own: who was in theirs comes into the other's.
        const to = stay?.id ?? (world.place.direct ? direct()?.id : null) ?? first?.id ?? null;
        const same = stay && to === world.place.channel;
        world.place = { channel: to, thread: same ? world.place.thread : null, home: world.place.home };
        new_from = null;
        composer.text = drafts.get(draft_key()) ?? "";
        reply_composer.text = world.place.thread ? drafts.get(`${draft_key()}/${world.place.thread}`) ?? "" : "";
        if (world.place.home) link.send({ do: "home" });
        if (other || !ever_linked || channels !== JSON.stringify(world.channels.map((one) => one.id))) ask_history();
        ever_linked = true;
    },
    membership(said) {
        const one = channel(said.channel);
        if (one) one.bot_member = said.bot_member;
    },
    history(said) {
        put_history(said.channel, said.messages ?? []);
        if (waiting.delete(said.channel) && said.channel === world.place.channel) note_new(said.channel);
        if (world.place.thread && said.channel === world.place.channel && !get_message(said.channel, world.place.thread) && !thread_of(said.channel, world.place.thread).length) world.place.thread = null;
        if (wanted_place && waiting.size === 0) {
            const target = wanted_place;
            wanted_place = null;
            follow(target);
        }
    },
    message(said) {
        const fresh = put_message(said.channel, said.message);
        notice(said, fresh, false);
    },
    ephemeral(said) {
        const fresh = !get_message(said.channel, said.message?.ts);
        put_private(said.channel, said.message);
        notice(said, fresh, true);
    },
    deleted(said) {
        drop_message(said.channel, said.ts);
    },
    view(said) {
        if (said.view?.type === "home") see.home(said);
        else if (said.view) forms.put(said.view);
    },
    errors: (said) => forms.errors(said.view, said.errors),
    closed: (said) => forms.end(said.view),
    home(said) {
        world.home = said.view ?? null;
    },
    trouble(said) {
        // Who was here last was somebody of another workspace on this address.
        if (!world.me && !world.people.length) {
            if (last_person()) {
                remember_person(null);
                link.send({ do: "enter", as: FIRST });
            }
            return;
        }
        const text = String(said.text ?? "");
        if (forms.trouble(text)) return;
        const pane = last_pane && channel(last_pane.channel) ? last_pane : { channel: world.place.channel, thread: null };
        put_warning(pane.channel, pane.thread, text);
        speak(text);
    },
    clock(said) {
        set_now(said.now);
    },
    bot(said) {
        world.connected = said.connected !== false;
    },
};

function notice(said, fresh, ephemeral) {
    const { message } = said;
    const bot = message.user === world.bot.id || Boolean(message.bot);
    const reply = is_reply(message);
    const head = reply ? get_message(said.channel, message.thread_ts) : null;
    guide.heard({
        fresh, bot, reply, ephemeral, shared: !channel(said.channel)?.direct, mine: message.user === world.me, words: whole_text(message),
        to_bot: Boolean(head) && (head.user === world.bot.id || Boolean(head.bot)),
    });
    const shown = said.channel === world.place.channel && !world.place.home && (!reply || message.thread_ts === world.place.thread);
    if (fresh && shown && message.user !== world.me) speak(`${bot ? world.bot.name : names.person(message.user)?.label ?? ""}: ${spoken(message)}`);
}

// For screen readers: what newly appears, without the whole list being read again.
function speak(text) {
    $("spoken").append(h("p", {}, text.slice(0, 500)));
    while ($("spoken").children.length > 5) $("spoken").firstChild.remove();
}

// ---- drawing

let drawing = 0;
function draw() {
    if (!drawing) drawing = setTimeout(draw_now, 0);
}

function draw_now() {
    drawing = 0;
    const { place } = world;
    const here = channel(place.channel);
    if (here && !place.home && !document.hidden) mark_read(here.id);
    if (here && place.thread && !document.hidden) mark_read(here.id, place.thread);
    place.direct = Boolean(here?.direct);
    draw_sidebar($("side"), { become, go, home: go_home });
    draw_clock();
    draw_banner();
    draw_head(here);
    $("messages").hidden = place.home;
    $("writer").hidden = place.home || !here;
    $("home").hidden = !place.home;
    $("thread").hidden = !place.thread || place.home;
    document.body.classList.toggle("with-thread", !$("thread").hidden);
    if (place.home) draw_home();
    else if (here) {
        channel_list.draw(`${world.me}/${here.id}`, top_level(here.id), { intro: intro(here), new_from });
        composer.placeholder = here.direct ? `Message ${world.bot.name}` : here.bot_member ? "/ask Add SSO for Acme by June" : `Message #${here.name}`;
        composer.field.setAttribute("aria-label", here.direct ? `Message to ${world.bot.name}` : `Message to #${here.name}`);
    }
    if (here && place.thread) draw_thread(here, place.thread);
    if (world.pointed && here && (thread_list.point_at(world.pointed) || channel_list.point_at(world.pointed))) world.pointed = null;
    focus_next?.();
    focus_next = null;
    document.title = here ? `${place.home ? "App home" : here.direct ? world.bot.name : `#${here.name}`} · askwhy sandbox` : "askwhy sandbox";
    if (here && !wanted_place) {
        const hash = `#${here.id}${place.thread ? `/${place.thread}/thread` : ""}`;
        if (location.hash !== hash) history.replaceState(null, "", `/${hash}`);
    }
}

function intro(here) {
    const sign = JSON.stringify([here.id, here.bot_member, world.messages.get(here.id)?.size ? 1 : 0]);
    const words = here.direct ? ["Only you and askwhy are here. Write to it as you would to a colleague, or ", h("code", {}, "help"), "."]
        : here.bot_member ? ["askwhy listens here. Raise something with ", h("code", {}, "/ask …"), ", and it asks for the why."]
            : here.private ? ["A private channel. askwhy is not in it until somebody invites it."]
                : ["askwhy is not in this channel yet; ", h("code", {}, "/ask …"), " brings it in, or invite it above."];
    return { sign, make: () => h("div", { class: "intro" }, here.direct ? avatar({ bot: true }, "large") : h("span", { class: "intro-sign" }, icon(here.private ? "lock" : "hash")), h("h2", {}, channel_label(here)), h("p", {}, words)) };
}

let head_sign = "";
function draw_head(here) {
    const sign = JSON.stringify([here, world.place.home, world.bot]);
    if (!here || sign === head_sign) return;
    head_sign = sign;
    const people = h("h1", { id: "channel-title" }, world.place.home ? icon("home") : here.direct ? null : icon(here.private ? "lock" : "hash"), h("bdi", {}, world.place.home ? "App home" : channel_label(here)), here.direct && !world.place.home ? h("span", { class: "badge" }, "APP") : null);
    const member = here.direct || world.place.home ? null
        : h("button", { type: "button", class: "button small", data: { member: String(Boolean(here.bot_member)) }, onclick: (event) => {
            if (!here.bot_member) send({ do: "invite", channel: here.id });
            else open_menu(event.currentTarget, [{ label: `Remove ${world.bot.name} from #${here.name}`, danger: true, run: () => send({ do: "remove", channel: here.id }) }]);
        } }, here.bot_member ? [avatar({ bot: true }, "tiny"), `${world.bot.name} is here`] : `Invite ${world.bot.name}`);
    $("channel-head").replaceChildren(people, member ?? "");
    $("middle").setAttribute("aria-label", world.place.home ? "App home" : here.direct ? world.bot.name : `Channel ${here.name}`);
}

function draw_thread(here, ts) {
    const message = get_message(here.id, ts);
    const replies = thread_of(here.id, ts);
    const head = message ?? { ts, thread_ts: ts, user: null, text: "", gone: true };
    $("thread-head").replaceChildren(
        h("h2", {}, "Thread", h("small", {}, here.direct ? world.bot.name : `#${here.name}`)),
        h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", title: "Close thread (Esc)", onclick: close_thread }, icon("close")));
    const count = replies.filter((reply) => !reply.ephemeral).length;
    thread_list.draw(`${world.me}/${here.id}/${ts}`, [{ message: head, count, head: true }, ...replies.map((reply) => ({ message: reply, count: 0 }))]);
}

let home_sign = "";
function draw_home() {
    const sign = JSON.stringify([world.me, world.home]);
    if (sign === home_sign && $("home").firstChild) return;
    home_sign = sign;
    const view = world.home;
    $("home").replaceChildren(view?.blocks?.length
        ? render_blocks(view.blocks, names, (block_id, action_id) => send({ do: "press", view: view.id, block_id, action_id }))
        : h("div", { class: "intro" }, avatar({ bot: true }, "large"), h("h2", {}, `${world.bot.name}’s home`), h("p", {}, world.connected ? "Nothing here yet." : `${world.bot.name} is away just now.`)));
}

function draw_banner() {
    const lost = !world.linked;
    const banner = $("banner");
    const sign = lost ? "lost" : world.connected ? "" : "away";
    if (banner.dataset.state === sign) return;
    banner.dataset.state = sign;
    banner.hidden = !sign;
    if (lost) banner.replaceChildren(icon("warn"), h("span", {}, "The sandbox is not reachable. Trying again…"), h("button", { type: "button", class: "link-button", onclick: () => link.retry() }, "Try now"));
    else if (sign) banner.replaceChildren(icon("warn"), h("span", {}, `${world.bot.name} is disconnected: nobody answers until it is back.`));
    else banner.replaceChildren();
}

function move_clock(to) {
    last_pane = { channel: world.place.channel, thread: null };
    send({ do: "clock", to: Math.ceil(to) });
}

function make_clock() {
    const move = (label, short, run) => h("button", { type: "button", class: "button small", title: label, onclick: run }, h("span", { class: "wide" }, label), h("span", { class: "slim" }, short));
    $("clock").replaceChildren(
        h("span", { id: "clock-time" }, icon("clock"), h("time", {}), h("span", { id: "clock-zone" })),
        h("span", { class: "clock-moves" },
            move("+1 hour", "+1h", () => move_clock(now() + 3600000)),
            move("+1 day", "+1d", () => move_clock(now() + 86400000)),
            move("Next Monday 9:00", "Mon 9:00", () => move_clock(next_monday_nine(now(), my_zone())))));
}

function draw_clock() {
    const time = $("clock").querySelector("time");
    const zone = my_zone();
    const text = `${short_day(now(), zone)}, ${clock_time(now(), zone)}`;
    if (time.textContent === text && time.title.endsWith(zone)) return;
    time.textContent = text;
    time.title = `${full_time(now(), zone)} · ${zone}`;
    time.setAttribute("datetime", new Date(now()).toISOString());
    $("clock-zone").textContent = zone.split("/").at(-1).replaceAll("_", " ");
}

function open_drawer() {
    document.body.classList.add("drawer");
    $("shade").hidden = false;
    $("menu-button").setAttribute("aria-expanded", "true");
    $("side").querySelector("[aria-pressed=true]")?.focus();
}

function close_drawer() {
    if (!document.body.classList.contains("drawer")) return;
    document.body.classList.remove("drawer");
    $("shade").hidden = true;
    $("menu-button").setAttribute("aria-expanded", "false");
    $("menu-button").focus();
}

// ---- beginning

const link = new Link({
    opened() {
        world.linked = true;
        world.messages.clear();
        ever_linked = false;
        const as = world.me ?? last_person() ?? FIRST;
        link.send({ do: "enter", as });
        draw_banner();
    },
    lost() {
        world.linked = false;
        forms.busy(false);
        draw();
    },
    heard(said) {
        const hear = Object.hasOwn(see, said.see) ? see[said.see] : null;
        if (!hear) return;
        hear(said);
        draw();
    },
});

const forms = new Forms(send);
const guide = new Guide($("guide"), { fill: guide_fill, open_card, next_monday: () => move_clock(next_monday_nine(now(), my_zone())) });
const channel_list = new MessageList($("messages"), list_actions(false), false);
const thread_list = new MessageList($("replies"), list_actions(true), true);
const composer = new Composer($("writer"), { label: "Message", send: (text) => post(text, null), edit_last: () => edit_last(null), shortcuts: shortcut_menu });
const reply_composer = new Composer($("reply-writer"), { label: "Reply in thread", in_thread: true, send: (text) => post(text, world.place.thread), edit_last: () => edit_last(world.place.thread) });
reply_composer.placeholder = "Reply…";

$("menu-button").append(icon("menu"));
$("menu-button").addEventListener("click", open_drawer);
$("shade").addEventListener("click", close_drawer);
$("guide-button").append(icon("guide"));
$("guide-button").addEventListener("click", () => guide.show());
make_clock();

document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (document.body.classList.contains("drawer")) close_drawer();
    else if (world.place.thread) close_thread();
});
document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-go-channel]");
    if (chip) go(chip.dataset.goChannel);
    const anchor = event.target.closest("a[href]");
    if (!anchor || anchor.classList.contains("skip")) return;
    const url = new URL(anchor.href);
    const ours = url.port === location.port && ["127.0.0.1", "localhost", location.hostname].includes(url.hostname);
    const target = ours ? read_link(url) : null;
    if (target) {
        event.preventDefault();
        follow(target);
    }
});
document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    composer.field.focus();
});
window.addEventListener("hashchange", () => {
    const target = read_link(location);
    if (target) follow(target);
});
document.addEventListener("visibilitychange", draw);
setInterval(draw_clock, 1000);

wanted_place = read_link(location);
link.open();
