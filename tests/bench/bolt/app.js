// A Bolt app that does durably what askwhy does with a slash-command: one transaction for the ask, its log entries
// and its outbox rows, committed before the acknowledgement; then the card, the question in its thread, the mark.

import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import Database from "better-sqlite3";

const { App, LogLevel } = createRequire(import.meta.url)("@slack/bolt");

const db = new Database(process.env.BENCH_DATABASE);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
    CREATE TABLE ask (number INTEGER PRIMARY KEY, channel TEXT NOT NULL, asker TEXT NOT NULL, title TEXT NOT NULL,
        state TEXT NOT NULL, raised_at INTEGER NOT NULL) STRICT;
    CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
        ask INTEGER NOT NULL, channel TEXT NOT NULL, data TEXT) STRICT;
    CREATE INDEX log_of_ask ON log (ask, id);
    CREATE TABLE inbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL) STRICT;
    CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, ask INTEGER NOT NULL,
        channel TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL, made_at INTEGER NOT NULL) STRICT;
    CREATE TABLE post (id INTEGER PRIMARY KEY, ask INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL) STRICT;
`);
const add_inbox = db.prepare("INSERT OR IGNORE INTO inbox (key, at) VALUES (?, ?)");
const add_ask = db.prepare("INSERT INTO ask (channel, asker, title, state, raised_at) VALUES (?, ?, ?, 'waiting', ?)");
const add_log = db.prepare("INSERT INTO log (at, kind, actor, ask, channel, data) VALUES (?, ?, ?, ?, ?, ?)");
const add_outbox = db.prepare(
    "INSERT INTO outbox (op, ask, channel, kind, content, made_at) VALUES (?, ?, ?, ?, ?, ?)");
const add_post = db.prepare("INSERT INTO post (ask, kind, message) VALUES (?, ?, ?)");
const drop_outbox = db.prepare("DELETE FROM outbox WHERE id = ?");

const plain = (text) => ({ type: "plain_text", text });
const button = (action_id, text, value) => ({ type: "button", action_id, text: plain(text), value });

function card(number, asker, title) {
    const value = String(number);
    return {
        text: `#${number} ${title}`,
        blocks: [
            { type: "section", text: { type: "mrkdwn", text: `*#${number}* ${title}\nasked by <@${asker}>` } },
            { type: "context", elements: [{ type: "mrkdwn", text: "Waiting for its why" }] },
            { type: "actions", elements: [button("why", "Add the why", value), button("voice", "I need this too", value)] },
        ],
    };
}

function question(number, asker) {
    const text = `<@${asker}> What does it make possible? Who is waiting for it?`;
    return {
        text,
        blocks: [
            { type: "section", text: { type: "mrkdwn", text } },
            { type: "actions", elements: [button("skip", "Skip", `${number}:why`), button("unknown", "Don't know", `${number}:why`)] },
        ],
    };
}

const record = db.transaction((command) => {
    const now = Date.now();
    const { channel_id: channel, user_id: asker, text: title } = command;
    if (add_inbox.run(`trig:${command.trigger_id}`, now).changes === 0) return null;
    const number = Number(add_ask.run(channel, asker, title, now).lastInsertRowid);
    add_log.run(now, "ask.raised", asker, number, channel, null);
    add_log.run(now, "question.asked", asker, number, channel, JSON.stringify({ kind: "why", remind_at: now + 86400000 }));
    const rows = [["card", card(number, asker, title)], ["question", question(number, asker)]].map(([kind, content]) => {
        const op = randomBytes(8).toString("hex");
        const row = add_outbox.run(op, number, channel, kind, JSON.stringify(content), now).lastInsertRowid;
        return { row, op, content };
    });
    return { number, channel, rows };
});

const mark = db.transaction((number, cards, questions, messages) => {
    add_post.run(number, "card", messages[0]);
    add_post.run(number, "question", messages[1]);
    drop_outbox.run(cards);
    drop_outbox.run(questions);
});

const app = new App({
    token: process.env.SLACK_BOT_TOKEN, appToken: process.env.SLACK_APP_TOKEN, socketMode: true,
    logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

app.command("/ask", async ({ ack, command, client }) => {
    const ask = record(command);
    if (ask === null) return ack();
    await ack(`Raised as #${ask.number}.`);
    const { number, channel, rows: [first, second] } = ask;
    const metadata = (op) => ({ event_type: "askwhy", event_payload: { op } });
    const posted = await client.chat.postMessage({ channel, ...first.content, metadata: metadata(first.op) });
    const asked = await client.chat.postMessage({ channel, thread_ts: posted.ts, ...second.content, metadata: metadata(second.op) });
    mark(number, first.row, second.row, [posted.ts, asked.ts]);
});

process.once("SIGTERM", async () => {
    await app.stop();
    db.close();
    process.exit(0);
});

await app.start();
