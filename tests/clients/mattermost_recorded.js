// What a real server of version 5.37.0 answered, told and asked of a bot, against what the sandbox does in its place:
// the same keys, kinds of values, statuses. The recordings are recorded/ here and in tests/unit/mattermost.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "./harness.js";
import { open_world } from "./mattermost_world.js";

const here = dirname(fileURLToPath(import.meta.url));
const unit = join(here, "..", "unit", "mattermost", "recorded");
const read = (path) => readFileSync(path, "utf8");
const recorded_json = (name) => JSON.parse(read(join(unit, `5.37.${name}.json`)));
const recorded_frames = (name) => read(join(unit, `5.37.${name}`)).split("\n").filter(Boolean).map((line) => JSON.parse(line));

// ---- shapes ----

const is_id = (text) => /^[a-z0-9]{26}$/.test(text);

function kind(value) {
    if (value === null) return "null";
    if (Array.isArray(value)) return "list";
    if (typeof value === "number") return value > 1e12 ? "moment" : "number";
    if (typeof value === "string") return is_id(value) ? "id" : "text";
    return typeof value;
}

// JSON within a string, and what is kept under ids, are looked into.
function open_up(value) {
    if (typeof value === "string" && /^(\[".*"\]|\{.*\})$/.test(value)) return JSON.parse(value);
    const keys = kind(value) === "object" ? Object.keys(value) : [];
    return keys.length > 0 && keys.every(is_id) ? Object.values(value) : value;
}

// Of several that were recorded, the one that differs least.
const nearest = (recorded, ours, at) => recorded.map((one) => differences(one, ours, at)).sort((a, b) => a.length - b.length)[0];

function differences(recorded, ours, at = "") {
    recorded = open_up(recorded);
    ours = open_up(ours);
    if (kind(recorded) !== kind(ours)) return [`${at}: recorded ${kind(recorded)}, here ${kind(ours)}`];
    if (kind(recorded) === "list") {
        if (recorded.length === 0 || ours.length === 0)
            return recorded.length === ours.length ? [] : [`${at}: ${recorded.length} recorded, here ${ours.length}`];
        return ours.flatMap((one, i) => nearest(recorded, one, `${at}[${i}]`));
    }
    if (kind(recorded) !== "object") return [];
    return [...new Set([...Object.keys(recorded), ...Object.keys(ours)])].flatMap((key) => {
        if (!(key in ours)) return [`${at}.${key}: missing here`];
        if (!(key in recorded)) return [`${at}.${key}: not recorded`];
        return differences(recorded[key], ours[key], `${at}.${key}`);
    });
}

const same = (found) => assert.deepEqual(found, []);

// ---- the recording, once more ----

const asked_text = "Add SSO for Acme by June — \"quoted\" & <b> @channel 한국어";

const card_props = (url) => ({
    askwhy: { outbox: 1 },
    attachments: [{ text: "waiting for why", actions: [
        { id: "addwhy", type: "button", name: "Add the why", integration: { url: `${url}/action`, context: { item: 1, sig: "abc" } } },
        { id: "pick", type: "select", name: "Owner", data_source: "users", integration: { url: `${url}/action`, context: { item: 1 } } },
    ] }],
});

const dialog = {
    callback_id: "why", title: "Why", introduction_text: "", submit_label: "Save", notify_on_cancel: true, state: "item=1",
    elements: [
        { display_name: "Function", name: "fn", type: "select", options: [{ text: "Sales", value: "sales" }] },
        { display_name: "Impact", name: "impact", type: "text", optional: true },
        { display_name: "Why", name: "why", type: "textarea" },
    ],
};

async function api(world, who, method, path, body) {
    const answer = await fetch(`${world.url}/api/v4/${path}`, {
        method, headers: { Authorization: `Bearer ${who.token}`, "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: JSON.parse(await answer.text()) };
}

// A form's fields with their kinds, in order; what dana typed arrives in the same bytes.
function form_differences(recorded, ours) {
    const fields = (form) => form.split("&").map((pair) => pair.split("="));
    const names = (form) => fields(form).map(([name]) => name).join(" ");
    const value = (form, wanted) => fields(form).find(([name]) => name === wanted)?.[1];
    const decoded = (form) => Object.fromEntries(new URLSearchParams(form));
    const found = names(recorded) === names(ours) ? [] : [`fields: recorded ${names(recorded)}, here ${names(ours)}`];
    for (const name of ["channel_name", "text", "user_name"]) {
        if (value(recorded, name) !== value(ours, name))
            found.push(`${name}: recorded ${value(recorded, name)}, here ${value(ours, name)}`);
    }
    return [...found, ...differences(decoded(recorded), decoded(ours), "form")];
}

function header_differences(ours, type, token) {
    const wanted = { "user-agent": "Mattermost-Bot/1.1", accept: "application/json", "content-type": type, "accept-encoding": "gzip" };
    if (token) wanted.authorization = `Token ${token}`;
    const given = Object.fromEntries(Object.entries(ours).filter(([name]) => !["host", "content-length", "connection"].includes(name)));
    return [...new Set([...Object.keys(wanted), ...Object.keys(given)])].flatMap((name) =>
        (wanted[name] === given[name] ? [] : [`${name}: recorded ${wanted[name]}, here ${given[name]}`]));
}

export async function replay() {
    const answers = JSON.parse(read(join(here, "recorded", "5.37.answers.json")));
    const told = [...recorded_frames("frames"), ...recorded_frames("exchange.frames")];
    const world = await open_world("5.37");
    const { bot, admin, dana, ears } = world;
    const seen = new Set();
    const compare = (what, tell) => test(`recorded: ${what}`, tell);
    const answer = (what, call) => compare(what, async () => {
        const recorded = answers[what];
        const ours = await call();
        seen.add(what);
        assert.equal(ours.status, recorded.status, JSON.stringify(ours.body));
        if (recorded.body.id?.includes(".")) assert.equal(ours.body.id, recorded.body.id);
        const headers = Object.fromEntries(Object.keys(recorded.headers).map((name) => [name, ours.headers[name] ?? null]));
        assert.equal(headers["content-type"], recorded.headers["content-type"]);
        same([...differences(recorded.headers, headers, "headers"), ...differences(recorded.body, ours.body, "body")]);
    });
    await dana.enter();
    const listener = world.listens(bot, "challenge");
    await listener.hears("hello");
    const answered = await listener.asks("ping");
    const failed = await listener.asks("no_such_action");

    const command = { team_id: world.team.id, trigger: "asks", method: "P", url: `${ears.url}/command`, auto_complete: true,
        auto_complete_desc: "x", auto_complete_hint: "[text]", display_name: "ask", description: "" };
    await answer("create_command_as_bot", () => api(world, bot, "POST", "commands", command));
    let made;
    await answer("create_command_as_admin", async () => (made = await api(world, admin, "POST", "commands", command)));

    let trigger;
    ears.answer = async (call) => {
        if (call.path === "/command") return { text: "Got it" };
        if (call.path === "/dialog") return { errors: { impact: "say how much" } };
        trigger = call.json().trigger_id;
        await answer("open_dialog", () => api(world, bot, "POST", "actions/dialogs/open", {
            trigger_id: trigger, url: `${ears.url}/dialog`, dialog,
        }));
        return {};
    };
    await dana.types(`/asks ${asked_text}`);
    const typed = await ears.called("/command");
    await compare("the call of a command", () => {
        same([...form_differences(read(join(unit, "5.37.command.form")).trim(), typed.body),
            ...header_differences(typed.headers, "application/x-www-form-urlencoded", made.body.token)]);
    });

    const post = { channel_id: world.channel.id, message: "#1 Add SSO", pending_post_id: `${bot.id}:1`, props: card_props(ears.url) };
    let card;
    await answer("create_post", async () => (card = await api(world, bot, "POST", "posts", post)));
    await answer("create_post_same_pending_id", () => api(world, bot, "POST", "posts", post));
    let reply;
    await answer("reply", async () => (reply = await api(world, dana, "POST", "posts", {
        channel_id: world.channel.id, root_id: card.body.id, message: `Because Acme will churn @${bot.name}`,
    })));
    await compare("get_post_as_user", async () => {
        same(differences(recorded_json("post"), (await api(world, dana, "GET", `posts/${card.body.id}`)).body));
    });

    await dana.presses(card.body, "addwhy");
    const pressed = await ears.called("/action");
    await compare("the call of a button", () => {
        same([...differences(recorded_json("action"), pressed.json()), ...header_differences(pressed.headers, "application/json")]);
    });
    await dana.submits(await dana.gets_form(), {
        fn: [{ type: "static_select", selected_option: { text: { type: "literal", text: "Sales" }, value: "sales" } }, "sales"],
        impact: [{ type: "plain_text_input", value: "much" }, "much"], why: [{ type: "plain_text_input", value: "x" }, "x"],
    });
    const submitted = await ears.called("/dialog");
    await compare("the call of a dialog", () => {
        same([...differences(recorded_json("dialog"), submitted.json()), ...header_differences(submitted.headers, "application/json")]);
    });

    await answer("ephemeral", () => api(world, bot, "POST", "posts/ephemeral", {
        user_id: dana.id, post: { channel_id: world.channel.id, message: "alone" },
    }));
    await answer("too_long", () => api(world, bot, "POST", "posts", { channel_id: world.channel.id, message: "x".repeat(16384) }));
    await answer("bad_token", () => api(world, { token: "nobodynobodynobodynobody12" }, "GET", "users/me"));

    // The second recording: another card, edits, a reaction, deletions, a channel left and found again.
    const say = async (who, message, more = {}) => (await api(world, who, "POST", "posts", { channel_id: world.channel.id, message, ...more })).body;
    const begin = reply.body.update_at;
    const other = await say(bot, "#1 Add SSO", { props: { askwhy_op: "00000000000000aa" } });
    const because = await say(dana, "Acme will churn", { root_id: other.id });
    await api(world, dana, "PUT", `posts/${because.id}/patch`, { message: "Acme will churn, 40 k" });
    await say(dana, `@${bot.name} hello`);
    await say(dana, `\`@${bot.name}\` is a bot`);
    const gone = await say(dana, "and Beta too", { root_id: other.id });
    await api(world, dana, "DELETE", `posts/${gone.id}`);
    await api(world, dana, "POST", "reactions", { user_id: dana.id, post_id: other.id, emoji_name: "eyes" });
    const direct = (await api(world, dana, "POST", "channels/direct", [dana.id, bot.id])).body;
    await say(dana, "hello", { channel_id: direct.id });
    await listener.hears((frame) => frame.data.channel_type === "D", "the direct message");

    await compare("posts since", async () => {
        same(differences(recorded_json("since"), (await api(world, bot, "GET", `channels/${world.channel.id}/posts?since=${begin}`)).body));
    });
    await compare("people", async () => {
        same(differences(recorded_json("people"), (await api(world, bot, "POST", "users/ids", [dana.id, bot.id])).body));
    });
    await compare("a channel", async () => {
        same(differences(recorded_json("channel"), (await api(world, bot, "GET", `channels/${world.channel.id}`)).body));
    });
    await api(world, dana, "DELETE", `channels/${world.channel.id}/members/${bot.id}`);
    await listener.hears("user_removed");
    await api(world, dana, "POST", `channels/${world.channel.id}/members`, { user_id: bot.id });
    await listener.hears("user_added");
    await listener.pings();

    const type_of = (frame) => (frame.event === "posted" ? `posted ${JSON.parse(frame.data.post).type}`.trim() : frame.event);
    await compare("answers on the socket", () => {
        const of = (status, key) => told.filter((frame) => frame.status === status && (key in frame));
        same([...nearest(of("OK", "data"), answered, "ping"), ...nearest(of("FAIL", "error"), failed, "fail")]);
    });
    for (const type of new Set(listener.frames.map(type_of))) {
        const recorded = told.filter((frame) => frame.event && type_of(frame) === type);
        if (recorded.length === 0) {
            console.log(`recorded: the event "${type}" was not recorded`);
            continue;
        }
        await compare(`the event "${type}"`, () => {
            const found = listener.frames.filter((frame) => type_of(frame) === type).flatMap((frame) => nearest(recorded, frame, `#${frame.seq}`));
            same(found);
        });
    }
    const spoken = new Set(listener.frames.map(type_of));
    for (const type of new Set(told.filter((frame) => frame.event).map(type_of)))
        if (!spoken.has(type)) console.log(`recorded: the event "${type}" is not spoken here`);
    for (const what of Object.keys(answers)) if (!seen.has(what)) console.log(`recorded: the request "${what}" is not spoken here`);
    assert.equal((await world.end()).status, 0);
}
