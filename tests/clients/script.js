// The sandbox's written conversations, played against a small Bolt app that also speaks on the link.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start_sandbox, test, tokens } from "./harness.js";

const { App, LogLevel } = createRequire(import.meta.url)("@slack/bolt");
const plain = (text) => ({ type: "plain_text", text });

// Says that it is idle whenever no handler runs, and keeps the clock it is told.
function join_link(path, busy) {
    const link = { clock: null, socket: connect(path) };
    let rest = "";
    link.socket.on("data", async (data) => {
        const lines = (rest + data).split("\n");
        rest = lines.pop();
        for (const line of lines) {
            const [word, value] = line.split(" ");
            if (word === "clock") link.clock = Number(value);
            if (word !== "idle?") continue;
            while (busy.count > 0) await new Promise((resolve) => setImmediate(resolve));
            link.socket.write(`idle ${value}\n`);
        }
    });
    return link;
}

function small_bot(app) {
    const busy = { count: 0 };
    const working = (handler) => async (args) => {
        busy.count++;
        try {
            await handler(args);
        } finally {
            busy.count--;
        }
    };
    const card = (state) => ({
        text: `#1 SSO (${state})`,
        blocks: [
            { type: "section", text: { type: "mrkdwn", text: `*#1* SSO\n_${state}_` } },
            { type: "actions", block_id: "b", elements: [{ type: "button", action_id: "why", text: plain("Add the why") }] },
        ],
    });
    let posted;
    app.command("/ask", working(async ({ ack, command, client }) => {
        await ack(`Raised as #1: ${command.text}`);
        posted = await client.chat.postMessage({ channel: command.channel_id, ...card("waiting") });
        await client.chat.postMessage({ channel: command.channel_id, thread_ts: posted.ts, text: `<@${command.user_id}> why?` });
    }));
    app.message(working(async ({ message, client }) => {
        if (message.thread_ts !== posted?.ts || message.bot_id) return;
        await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: "white_check_mark" });
        await client.chat.update({ channel: message.channel, ts: posted.ts, ...card("clear") });
    }));
    app.action("why", working(async ({ ack, body, client }) => {
        await ack();
        await client.views.open({
            trigger_id: body.trigger_id,
            view: {
                type: "modal", callback_id: "why", title: plain("Why"), submit: plain("Save"),
                blocks: [{ type: "input", block_id: "w", label: plain("Why is it needed?"), element: { type: "plain_text_input", action_id: "t" } }],
            },
        });
    }));
    app.view("why", working(async ({ ack, view, body, client }) => {
        await ack();
        await client.chat.postMessage({ channel: body.user.id, text: `Noted: ${view.state.values.w.t.value}` });
    }));
    return busy;
}

async function play(text) {
    const folder = mkdtempSync(join(tmpdir(), "askwhy-script-"));
    const file = join(folder, "told.script");
    const path = join(folder, "link");
    writeFileSync(file, text);
    try {
        const sandbox = await start_sandbox("--link", path, "--script", file);
        const app = new App({
            token: tokens.bot, appToken: tokens.app, socketMode: true, logLevel: LogLevel.ERROR,
            clientOptions: { slackApiUrl: sandbox.api },
        });
        const link = join_link(path, small_bot(app));
        link.socket.on("error", () => {});
        await app.start();
        const { status, said } = await sandbox.ended;
        link.socket.destroy();
        await app.stop();
        return { status, said, clock: link.clock };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

const story = `# what the page would show
clock 2026-11-18 10:00 Europe/Tallinn
  nothing
dana in #product-asks: /ask Add SSO for Acme & co
  dana alone sees: Raised as #1: Add SSO for Acme & co
  #product-asks shows: #1 SSO waiting [Add the why]
  thread shows: @dana why?
  thread shows not: @channel
  mia alone sees not: Raised
  nothing
dana in thread: Acme's IT forbids passwords
  #product-asks edited: clear
  thread shows: :white_check_mark:
  nothing
mia presses "Add the why" on #1
  mia alone sees: Why is it needed?: ____
  nothing
mia fills "why is it" with: to sell more
mia submits
  mia alone sees: Noted: to sell more
  nothing
clock next monday 9:00 Europe/Tallinn
  nothing
`;

export async function play_scripts() {
    await test("a script that holds is told as a conversation and ends with 0", async () => {
        const { status, said, clock } = await play(story);
        assert.equal(status, 0, said);
        const monday = new Date(Date.now() + clock).toISOString();
        assert.match(monday, /^2026-11-23T07:00/, "the bot was told the clock");
        assert.match(said, /dana in #product-asks: \/ask[^\n]*\n(.*\n)*? {2}\(only dana\) {2}#?.*askwhy: Raised as #1/);
    });

    await test("each expectation that fails is named by file and line, with what was shown", async () => {
        const { status, said } = await play(`dana in #product-asks: /ask SSO
  dana alone sees: Lowered
  thread shows not: why?
  nothing
dana presses "Launch"
sam in #leadership: hello
`);
        assert.equal(status, 1, said);
        for (const failure of [/told\.script:2: not shown: dana alone sees: Lowered/, /told\.script:3: shown nevertheless/,
            /told\.script:4: shown nevertheless: nothing/, /told\.script:5: dana sees no button "Launch"; there are: \[Add the why\]/])
            assert.match(said, failure);
        assert.doesNotMatch(said, /told\.script:6/);
    });

    await test("a script that cannot be understood is refused at once, every line of it", async () => {
        const folder = mkdtempSync(join(tmpdir(), "askwhy-script-"));
        const file = join(folder, "told.script");
        writeFileSync(file, "  nothing\nbob in #general: x\ndana in #nowhere: x\ndana dances\nclock someday\n");
        const told = await start_sandbox("--script", file).then(() => "started", (error) => error.message);
        rmSync(folder, { recursive: true });
        for (const line of [1, 2, 3, 4, 5]) assert.match(told, new RegExp(`told\\.script:${line}: `));
    });
}
