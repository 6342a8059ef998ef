// Slack's own clients against the sandbox: what they can do here, they can do with Slack.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";
import { count, enter, misbehave, start_sandbox, test, tokens } from "./harness.js";
import { play_scripts } from "./script.js";

const { App, LogLevel } = createRequire(import.meta.url)("@slack/bolt");

const asks = "C0ASKS";
const section = (text) => ({ type: "section", text: { type: "mrkdwn", text } });
const plain = (text) => ({ type: "plain_text", text });
const button = (action_id, label, value) => ({ type: "button", action_id, value, text: plain(label) });

async function with_app(story, prepare = () => {}) {
    const sandbox = await start_sandbox();
    const app = new App({
        token: tokens.bot, appToken: tokens.app, socketMode: true, logLevel: LogLevel.ERROR,
        clientOptions: { slackApiUrl: sandbox.api },
    });
    try {
        await prepare(app);
        await app.start();
        await story(sandbox, app);
    } finally {
        await app.stop();
        const { status, said } = await sandbox.stop();
        assert.equal(status, 0, said);
    }
}

function web(sandbox, token = tokens.bot) {
    return new WebClient(token, { slackApiUrl: sandbox.api, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR });
}

async function refuses(code, call) {
    await assert.rejects(call, (error) => {
        assert.equal(error.data?.error, code);
        return true;
    });
}

await test("Bolt answers a slash-command privately and posts a message with blocks and metadata", async () => {
    let given;
    await with_app(async (sandbox, app) => {
        const dana = await enter(sandbox, "U0DANA");
        const mia = await enter(sandbox, "U0MIA");
        dana.act({ do: "post", channel: asks, thread: null, text: "/ask SSO & more for @sam in #general" });
        const answer = await dana.sees((see) => see.see === "ephemeral", "the private answer");
        assert.equal(answer.message.text, "Raised as #1");
        const card = await mia.sees((see) => see.see === "message" && see.message.bot, "the card");
        assert.equal(card.message.blocks[0].text.text, "*#1* SSO");
        assert.equal(mia.seen.some((see) => see.see === "ephemeral"), false, "only dana sees the answer");
        assert.equal(given.text, "SSO &amp; more for <@U0SAM|sam> in <#C0GENERAL|general>");
        assert.equal(given.channel_name, "product-asks");

        dana.act({ do: "post", channel: asks, thread: card.message.ts, text: "because <b> & c" });
        await mia.sees((see) => see.see === "message" && see.message.thread_ts === card.message.ts, "the reply");
        const thread = await app.client.conversations.replies({ channel: asks, ts: card.message.ts });
        assert.deepEqual(thread.messages.map((message) => message.text), ["#1 SSO", "because &lt;b&gt; &amp; c"]);
        assert.equal(thread.messages[0].reply_count, 1);
        assert.equal(thread.messages[0].metadata, undefined);
        const marked = await app.client.conversations.history({ channel: asks, include_all_metadata: true });
        assert.equal(marked.messages[0].metadata.event_payload.op, "00ff");
        await dana.leave();
        await mia.leave();
    }, (app) => app.command("/ask", async ({ ack, command, client }) => {
        given = command;
        await ack({ text: "Raised as #1" });
        await client.chat.postMessage({
            channel: command.channel_id, text: "#1 SSO", blocks: [section("*#1* SSO")],
            metadata: { event_type: "askwhy_op", event_payload: { op: "00ff" } },
        });
    }));
});

await test("a button opens a form; its errors keep it open, a good one closes it", async () => {
    const values = [];
    await with_app(async (sandbox, app) => {
        const dana = await enter(sandbox, "U0DANA");
        await app.client.chat.postMessage({
            channel: asks, text: "card",
            blocks: [{ type: "actions", block_id: "b", elements: [button("why", "Add the why", "1")] }],
        });
        const card = await dana.sees((see) => see.see === "message", "the card");
        dana.act({ do: "press", channel: asks, ts: card.message.ts, block_id: "b", action_id: "why" });
        const { view } = await dana.sees((see) => see.see === "view", "the form");
        assert.equal(view.private_metadata, "1");
        const submit = (value) => dana.act({
            do: "submit", view: view.id, values: { why: { text: { type: "plain_text_input", value } } },
        });
        submit("");
        const missing = await dana.sees((see) => see.see === "errors", "the client's own refusal");
        assert.ok(missing.errors.why);
        submit("short");
        const errors = await dana.sees((see) => see.see === "errors", "askwhy's refusal");
        assert.equal(errors.errors.why, "Say more");
        submit("because their IT forbids passwords");
        await dana.sees((see) => see.see === "closed" && see.view === view.id, "the form's end");
        assert.deepEqual(values, ["short", "because their IT forbids passwords"]);
        await dana.leave();
    }, (app) => {
        app.action("why", async ({ ack, body, client, action }) => {
            await ack();
            const view = {
                type: "modal", callback_id: "why", private_metadata: action.value, title: plain("Why"),
                submit: plain("Save"), external_id: "once",
                blocks: [{
                    type: "input", block_id: "why", label: plain("Why"),
                    element: { type: "plain_text_input", action_id: "text" },
                }],
            };
            await client.views.open({ trigger_id: body.trigger_id, view });
            await refuses("duplicate_external_id", () => client.views.open({ trigger_id: body.trigger_id, view }));
            await refuses("exchanged_trigger_id", () => client.views.open({
                trigger_id: body.trigger_id, view: { ...view, external_id: "twice" },
            }));
        });
        app.view("why", async ({ ack, view }) => {
            const value = view.state.values.why.text.value;
            values.push(value);
            await ack(value.length < 10 ? { response_action: "errors", errors: { why: "Say more" } } : undefined);
        });
    });
});

await test("a mention arrives as a mention and as a message; edits and deletions arrive; other channels stay unheard", async () => {
    const events = [];
    let enough;
    const heard = new Promise((resolve) => { enough = resolve; });
    await with_app(async (sandbox) => {
        const sam = await enter(sandbox, "U0SAM");
        sam.act({ do: "post", channel: "C0GENERAL", thread: null, text: "@askwhy are you here?" });
        sam.act({ do: "post", channel: asks, thread: null, text: "@askwhy help" });
        const post = await sam.sees((see) => see.see === "message" && see.channel === asks, "the post");
        sam.act({ do: "edit", channel: asks, ts: post.message.ts, text: "never mind" });
        sam.act({ do: "delete", channel: asks, ts: post.message.ts });
        await heard;
        assert.deepEqual(events.map((event) => event.subtype ?? event.type).sort(),
            ["app_mention", "member_joined_channel", "message", "message_changed", "message_deleted"]);
        assert.ok(events.every((event) => event.channel === asks));
        const joined = events.find((event) => event.type === "member_joined_channel");
        assert.equal(joined.inviter, "U0SAM", "sam has invited askwhy");
        await sam.leave();
    }, (app) => {
        const hear = async ({ event }) => {
            events.push(event);
            if (event.subtype === "message_deleted") enough();
        };
        for (const type of ["app_mention", "message", "member_joined_channel"]) app.event(type, hear);
    });
});

await test("a home page is published, shown, and replaced only when its hash is the newest", async () => {
    await with_app(async (sandbox, app) => {
        const mia = await enter(sandbox, "U0MIA");
        mia.act({ do: "home" });
        const home = await mia.sees((see) => see.see === "home", "the home page");
        assert.equal(home.view.blocks[0].text.text, "Nothing waits for you");
        const view = { type: "home", blocks: [section("Two asks wait for you")] };
        const newer = await app.client.views.publish({ user_id: "U0MIA", hash: home.view.hash, view });
        assert.notEqual(newer.view.hash, home.view.hash);
        await refuses("hash_conflict", () => app.client.views.publish({ user_id: "U0MIA", hash: home.view.hash, view }));
        await mia.leave();
    }, (app) => app.event("app_home_opened", ({ event, client }) => client.views.publish({
        user_id: event.user, view: { type: "home", blocks: [section("Nothing waits for you")] },
    })));
});

await test("the Web API refuses what Slack refuses", async () => {
    const sandbox = await start_sandbox();
    const client = web(sandbox);
    await refuses("not_allowed_token_type", () => web(sandbox, tokens.app).auth.test());
    await refuses("not_allowed_token_type", () => client.apps.connections.open());
    await refuses("invalid_auth", () => web(sandbox, "xoxb-unknown").auth.test());
    await refuses("channel_not_found", () => client.chat.postMessage({ channel: "C0NOWHERE", text: "x" }));
    await refuses("not_in_channel", () => client.chat.postMessage({ channel: "C0DEALS", text: "x" }));
    await refuses("channel_not_found", () => client.conversations.info({ channel: "C0DEALS" }));
    await refuses("not_in_channel", () => client.conversations.history({ channel: "C0GENERAL" }));
    await refuses("user_not_in_channel", async () => {
        await client.conversations.join({ channel: "C0LEADERS" });
        await client.chat.postEphemeral({ channel: "C0LEADERS", user: "U0DANA", text: "x" });
    });
    await refuses("no_text", () => client.chat.postMessage({ channel: asks }));
    await refuses("thread_not_found", () => client.conversations.replies({ channel: asks, ts: "1.000001" }));
    await refuses("invalid_blocks", () => client.chat.postMessage({ channel: asks, text: "x", blocks: [section("y".repeat(3001))] }));
    await refuses("invalid_blocks", () => client.chat.postMessage({
        channel: asks, text: "x",
        blocks: [{ type: "actions", elements: [button("same", "A", "1"), button("same", "B", "2")] }],
    }));
    const posted = await client.chat.postMessage({ channel: asks, text: "x" });
    await refuses("msg_too_long", () => client.chat.update({ channel: asks, ts: posted.ts, text: "y".repeat(4001) }));
    await client.reactions.add({ channel: asks, timestamp: posted.ts, name: "eyes" });
    await refuses("already_reacted", () => client.reactions.add({ channel: asks, timestamp: posted.ts, name: "eyes" }));
    const { user } = await client.users.info({ user: "U0JUN", include_locale: true });
    assert.deepEqual([user.tz, user.locale], ["Asia/Seoul", "ko-KR"]);
    for (let i = 0; i < 5; i++) await client.chat.postMessage({ channel: asks, text: `post ${i}` });
    const texts = [];
    for await (const page of client.paginate("conversations.history", { channel: asks, limit: 2 })) {
        assert.ok(page.messages.length <= 2);
        texts.push(...page.messages.map((message) => message.text));
    }
    assert.deepEqual(texts, ["post 4", "post 3", "post 2", "post 1", "post 0", "x"]);
    await sandbox.stop();
});

await test("an event nobody acknowledged comes again, the same event; a command nobody acknowledged is the person's trouble", async () => {
    const sandbox = await start_sandbox();
    const client = new SocketModeClient({ appToken: tokens.app, logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl: sandbox.api } });
    const deliveries = [];
    let again;
    const repeated = new Promise((resolve) => { again = resolve; });
    client.on("slack_event", async ({ ack, body, retry_num, retry_reason, type }) => {
        if (type !== "events_api" || body.event.type !== "message") {
            if (type === "events_api") await ack();
            return;
        }
        deliveries.push({ id: body.event_id, retry_num, retry_reason });
        if (deliveries.length === 2) {
            await ack();
            again();
        }
    });
    await client.start();
    const dana = await enter(sandbox, "U0DANA");
    dana.act({ do: "post", channel: asks, thread: null, text: "hello" });
    await repeated;
    assert.equal(deliveries[0].id, deliveries[1].id);
    assert.deepEqual(deliveries.map((delivery) => delivery.retry_num), [0, 1]);
    assert.equal(deliveries[1].retry_reason, "timeout");
    dana.act({ do: "post", channel: asks, thread: null, text: "/ask anybody?" });
    const trouble = await dana.sees((see) => see.see === "trouble", "the timeout");
    assert.match(trouble.text, /operation_timeout/);
    await dana.leave();
    await client.disconnect();
    await sandbox.stop();
});

await test("the socket client comes back after each kind of goodbye, with a new ticket", async () => {
    const sandbox = await start_sandbox();
    const client = new SocketModeClient({
        appToken: tokens.app, logLevel: LogLevel.ERROR, clientPingTimeout: 1000, clientOptions: { slackApiUrl: sandbox.api },
    });
    const connected = () => new Promise((resolve) => { client.once("connected", resolve); });
    let next = connected();
    await client.start();
    await next;
    for (const order of [{ how: "disconnect", reason: "warning" }, { how: "disconnect", reason: "refresh_requested" }, { how: "drop" }]) {
        next = connected();
        await misbehave(sandbox, order);
        await next;
    }
    const used = await web(sandbox, tokens.app).apps.connections.open();
    const first = new WebSocket(used.url);
    await new Promise((resolve) => first.addEventListener("message", resolve, { once: true }));
    const second = new WebSocket(used.url);
    await new Promise((resolve) => second.addEventListener("error", resolve, { once: true }));
    first.close();
    await client.disconnect();
    await sandbox.stop();
});

await test("errors are told on order, with and without effect", async () => {
    const sandbox = await start_sandbox();
    const client = web(sandbox);
    const post = () => client.chat.postMessage({ channel: asks, text: "x" });
    const posts = async () => (await client.conversations.history({ channel: asks })).messages.length;
    await misbehave(sandbox, { how: "api", method: "chat.postMessage", answer: "internal_error", effect: true });
    await refuses("internal_error", post);
    assert.equal(await posts(), 1, "acted on nevertheless");
    await misbehave(sandbox, { how: "api", method: "chat.postMessage", answer: "fatal_error" });
    await refuses("fatal_error", post);
    assert.equal(await posts(), 1, "not acted on");
    await misbehave(sandbox, { how: "api", method: "chat.postMessage", answer: "none", effect: true });
    await assert.rejects(post);
    assert.equal(await posts(), 2, "acted on, but nobody was told");
    const limited = await fetch(`${sandbox.api}auth.test`, { method: "POST", headers: { authorization: `Bearer ${tokens.bot}` } });
    assert.match(limited.headers.get("x-oauth-scopes"), /chat:write/);
    await misbehave(sandbox, { how: "api", method: "auth.test", answer: "ratelimited", retry_after: 7 });
    const answer = await fetch(`${sandbox.api}auth.test`, { method: "POST", headers: { authorization: `Bearer ${tokens.bot}` } });
    assert.deepEqual([answer.status, answer.headers.get("retry-after")], [429, "7"]);
    await sandbox.stop();
});

await test("a response_url answers five times, replaces what it came from, and then no more", async () => {
    await with_app(async (sandbox) => {
        const dana = await enter(sandbox, "U0DANA");
        dana.act({ do: "post", channel: asks, thread: null, text: "/ask list" });
        const { message } = await dana.sees((see) => see.see === "ephemeral", "the list");
        dana.act({ do: "press", channel: asks, ts: message.ts, block_id: "p", action_id: "page" });
        const replaced = await dana.sees((see) => see.see === "ephemeral" && see.message.text === "page 2", "page 2");
        assert.equal(replaced.message.ts, message.ts);
        await dana.sees((see) => see.see === "ephemeral" && see.message.text === "no more", "the end");
        await dana.leave();
    }, (app) => {
        app.command("/ask", ({ ack }) => ack({
            text: "page 1", blocks: [{ type: "actions", block_id: "p", elements: [button("page", "More", "2")] }],
        }));
        app.action("page", async ({ ack, body, client }) => {
            await ack();
            assert.equal(body.container.is_ephemeral, true);
            const say = (content) => fetch(body.response_url, {
                method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(content),
            });
            await say({ replace_original: true, text: "page 2" });
            for (let use = 0; use < 4; use++) assert.equal(await (await say({ text: `more ${use}` })).text(), "ok");
            const refused = await say({ text: "too much" });
            assert.equal(refused.status, 404);
            await client.chat.postEphemeral({ channel: body.channel.id, user: body.user.id, text: "no more" });
        });
    });
});

await test("a person sees only the channels they are in, and pages of other sites see nothing", async () => {
    const sandbox = await start_sandbox();
    const jun = await enter(sandbox, "U0JUN");
    const ceo = await enter(sandbox, "U0CEO");
    jun.act({ do: "history", channel: "C0DEALS" });
    await jun.sees((see) => see.see === "trouble", "a refusal");
    ceo.act({ do: "post", channel: "C0DEALS", thread: null, text: "secret" });
    await ceo.sees((see) => see.see === "message" && see.message.text === "secret", "the post");
    jun.act({ do: "history", channel: asks });
    await jun.sees((see) => see.see === "history", "an answer behind it");
    assert.equal(JSON.stringify(jun.seen).includes("secret"), false);
    const foreign = await fetch(`${sandbox.url}/sandbox/misbehave`, {
        method: "POST", body: "{}", headers: { origin: "http://elsewhere.example" },
    });
    assert.equal(foreign.status, 403);
    await jun.leave();
    await ceo.leave();
    await sandbox.stop();
});

await test("whatever a page sends, the sandbox answers the next one", async () => {
    const sandbox = await start_sandbox();
    const dana = await enter(sandbox, "U0DANA");
    for (const frame of ["", "{", "[]", "null", "\"\\u0000\"", "[".repeat(5000), "{\"do\":1}", "{\"do\":\"post\",\"channel\":[]}"]) {
        dana.send(frame);
        await dana.sees((see) => see.see === "trouble", `trouble with ${frame.slice(0, 20)}`);
    }
    dana.act({ do: "history", channel: asks });
    await dana.sees((see) => see.see === "history", "an answer");
    await dana.leave();
    assert.equal((await sandbox.stop()).status, 0);
});

await play_scripts();

console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
