// What the page knows: who is here, what was said, what this person has read. No DOM.

import { plain_text } from "./text.js";

export const world = {
    me: null, people: [], channels: [], bot: { id: "", name: "askwhy" }, shortcuts: [],
    platform: "slack", title: "Slack", has_home: true,
    linked: true,     // the socket is open
    connected: true,  // the bot is connected to the sandbox
    base: { now: Date.now(), at: performance.now() },
    messages: new Map(),  // channel → Map(ts → message)
    privates: new Map(),  // person/channel → Map(ts → message): ephemeral, and our own warnings
    home: null,           // the view of askwhy's home page
    views: [],            // open forms, the topmost last
    place: { channel: null, thread: null, home: false },
};

const KEPT = "askwhy-sandbox";
const kept = read_kept();

function read_kept() {
    try {
        return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    } catch {
        return {};
    }
}

function keep() {
    try {
        sessionStorage.setItem(KEPT, JSON.stringify(kept));
    } catch {
        // private windows may refuse; the page works without
    }
}

export const last_person = () => kept.person ?? null;
export function remember_person(id) {
    kept.person = id;
    keep();
}

export const now = () => world.base.now + performance.now() - world.base.at;
export const set_now = (ms) => { world.base = { now: ms, at: performance.now() }; };
export const my_zone = () => person(world.me)?.zone || "UTC";

export function person(id) {
    if (id && id === world.bot.id) return { id, name: world.bot.name, real_name: world.bot.name, bot: true };
    return world.people.find((one) => one.id === id) ?? null;
}

export const channel = (id) => world.channels.find((one) => one.id === id) ?? null;
export const direct = () => world.channels.find((one) => one.direct) ?? null;
export const channel_label = (one) => (one.direct ? world.bot.name : one.name);

// What rendering needs to know of the world (text.js).
export const names = {
    person: (id) => {
        const one = person(id);
        return one && { label: one.real_name || one.name, name: one.name, me: id === world.me };
    },
    channel: (id) => {
        const one = channel(id);
        return one ? channel_label(one) : null;
    },
    now,
    zone: my_zone,
    // Mattermost's notation names people and channels by name.
    markdown: () => world.platform === "mattermost",
    by_name: (name) => {
        const one = name === world.bot.name ? person(world.bot.id) : world.people.find((other) => other.name === name);
        return one && { id: one.id, label: one.name, me: one.id === world.me };
    },
    channel_by_name: (name) => world.channels.find((one) => !one.direct && one.name === name)?.id ?? null,
};

export const is_reply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
const by_ts = (a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);

function room(map, key) {
    if (!map.has(key)) map.set(key, new Map());
    return map.get(key);
}

export function put_history(id, messages) {
    world.messages.set(id, new Map(messages.map((message) => [message.ts, message])));
}

// True when it was not there before.
export function put_message(id, message) {
    const all = room(world.messages, id);
    const fresh = !all.has(message.ts);
    all.set(message.ts, message);
    return fresh;
}

export function put_private(id, message) {
    room(world.privates, `${world.me}/${id}`).set(message.ts, { ...message, ephemeral: true });
}

export function drop_message(id, ts) {
    world.messages.get(id)?.delete(ts);
    world.privates.get(`${world.me}/${id}`)?.delete(ts);
}

let warnings = 0;

// A note of the page itself, shown to this person where they last did something.
export function put_warning(id, thread, text) {
    const ts = `${(now() / 1000).toFixed(3)}${String(++warnings % 1000).padStart(3, "0")}`;
    put_private(id, { ts, thread_ts: thread, user: null, text, warning: true, blocks: null });
}

export const get_message = (id, ts) => world.messages.get(id)?.get(ts) ?? world.privates.get(`${world.me}/${id}`)?.get(ts) ?? null;

function everything(id) {
    return [...(world.messages.get(id)?.values() ?? []), ...(world.privates.get(`${world.me}/${id}`)?.values() ?? [])];
}

// The channel's own messages, each with {count, last, people, unread} of its replies. A thread whose first message was
// deleted keeps a stone in its place.
export function top_level(id) {
    const all = everything(id);
    const heads = new Map(all.filter((message) => !is_reply(message)).map((message) => [message.ts, { message, count: 0, last: null, people: [], unread: false }]));
    for (const reply of all.filter(is_reply).sort(by_ts)) {
        if (reply.ephemeral && !heads.has(reply.thread_ts)) continue;
        if (!heads.has(reply.thread_ts)) {
            const stone = { ts: reply.thread_ts, thread_ts: reply.thread_ts, user: null, text: "", gone: true };
            heads.set(stone.ts, { message: stone, count: 0, last: null, people: [], unread: false });
        }
        const head = heads.get(reply.thread_ts);
        if (!reply.ephemeral) {
            head.count++;
            head.last = reply.ts;
            if (!head.people.includes(reply.user)) head.people.push(reply.user);
        }
        if (reply.user === world.me) head.unread = false; // who answers has read
        else if (calls_me(reply) && reply.ts > read_mark(id, reply.thread_ts)) head.unread = true;
    }
    return [...heads.values()].sort((a, b) => by_ts(a.message, b.message));
}

export const thread_of = (id, ts) => everything(id).filter((message) => is_reply(message) && message.thread_ts === ts).sort(by_ts);

const mark_key = (id, thread) => (thread ? `${world.me}/${id}/${thread}` : `${world.me}/${id}`);
export const read_mark = (id, thread = null) => kept.read?.[mark_key(id, thread)] ?? "";

export function mark_read(id, thread = null) {
    let last = "";
    for (const message of everything(id)) {
        if (thread ? message.thread_ts === thread : !is_reply(message)) last = message.ts > last ? message.ts : last;
    }
    if (last > read_mark(id, thread)) {
        kept.read = { ...kept.read, [mark_key(id, thread)]: last };
        keep();
    }
}

function words_of(message) {
    const blocks = (message.blocks ?? []).map((block) => [block.text?.text, ...(block.fields ?? []).map((one) => one.text), ...(block.elements ?? []).map((one) => one.text?.text ?? one.text)]);
    return [message.text, ...blocks.flat()].filter((part) => typeof part === "string").join("\n");
}

const calls_me = (message) => (world.platform === "mattermost"
    ? new RegExp(`(?:^|[^\\p{L}\\p{N}._-])@${person(world.me)?.name ?? " "}(?![\\p{L}\\p{N}])`, "iu").test(words_of(message))
    : words_of(message).includes(`<@${world.me}`));

// {unread, calls}: anything new from others, and how many of it call this person.
export function unread(id) {
    const one = channel(id);
    let fresh = false;
    let calls = 0;
    const all = everything(id);
    const answered = new Map(); // thread → this person's last reply, up to which it has been read
    for (const message of all) {
        if (message.user === world.me && is_reply(message) && !(answered.get(message.thread_ts) > message.ts)) answered.set(message.thread_ts, message.ts);
    }
    for (const message of all) {
        if (message.user === world.me || message.warning) continue;
        const reply = is_reply(message);
        if (message.ts <= read_mark(id, reply ? message.thread_ts : null)) continue;
        if (reply && message.ts < (answered.get(message.thread_ts) ?? "")) continue;
        if (!reply) fresh = true;
        if (calls_me(message) || (one?.direct && !reply)) calls++;
    }
    return { unread: fresh || calls > 0, calls };
}

export const spoken = (message) => plain_text(message.text || words_of(message), names);
export const whole_text = words_of;
