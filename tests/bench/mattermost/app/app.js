// A bot on Mattermost's own client that does durably what askwhy does with a slash-command and with an answer in its
// thread: one transaction for the ask, its log entries and its outbox rows, committed before the call is answered; then
// the card, the question in its thread, the mark.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import Database from "better-sqlite3";

const { Client4, WebSocketClient } = createRequire(import.meta.url)("@mattermost/client");

const { MATTERMOST_URL, MATTERMOST_TOKEN, MATTERMOST_COMMAND_TOKEN, BENCH_PORT, BENCH_DATABASE } = process.env;
const HERE = `http://127.0.0.1:${BENCH_PORT}/mattermost`;

const db = new Database(BENCH_DATABASE);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
    CREATE TABLE ask (number INTEGER PRIMARY KEY, channel TEXT NOT NULL, asker TEXT NOT NULL, title TEXT NOT NULL,
        why TEXT, state TEXT NOT NULL, raised_at INTEGER NOT NULL) STRICT;
    CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
        ask INTEGER NOT NULL, channel TEXT NOT NULL, data TEXT) STRICT;
    CREATE INDEX log_of_ask ON log (ask, id);
    CREATE TABLE inbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL) STRICT;
    CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, ask INTEGER NOT NULL,
        channel TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL, made_at INTEGER NOT NULL) STRICT;
    CREATE TABLE post (id INTEGER PRIMARY KEY, ask INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL) STRICT;
    CREATE INDEX post_of_message ON post (message);
`);
const add_inbox = db.prepare("INSERT OR IGNORE INTO inbox (key, at) VALUES (?, ?)");
const add_ask = db.prepare("INSERT INTO ask (channel, asker, title, state, raised_at) VALUES (?, ?, ?, 'waiting', ?)");
const add_log = db.prepare("INSERT INTO log (at, kind, actor, ask, channel, data) VALUES (?, ?, ?, ?, ?, ?)");
const add_outbox = db.prepare(
    "INSERT INTO outbox (op, ask, channel, kind, content, made_at) VALUES (?, ?, ?, ?, ?, ?)");
const add_post = db.prepare("INSERT INTO post (ask, kind, message) VALUES (?, ?, ?)");
const drop_outbox = db.prepare("DELETE FROM outbox WHERE id = ?");
const ask_of_card = db.prepare(
    "SELECT ask.* FROM post JOIN ask ON ask.number = post.ask WHERE post.message = ? AND post.kind = 'card'");
const give_why = db.prepare("UPDATE ask SET why = ?, state = 'answered' WHERE number = ?");

const button = (id, name, number) =>
    ({ id, name, type: "button", integration: { url: `${HERE}/action`, context: { a: id, v: String(number) } } });

function card(number, person, title, why) {
    const text = why === null ? "Waiting for its why" : `Why: ${why}`;
    const actions = [button("why", "Add the why", number), button("voice", "I need this too", number)];
    return { message: `**#${number}** ${title}\nasked by ${person}`, props: { attachments: [{ fallback: title, text, actions }] } };
}

function question(number, person) {
    const actions = [button("skip", "Skip", number), button("unknown", "Don't know", number)];
    return { message: `@${person} What does it make possible? Who is waiting for it?`, props: { attachments: [{ actions }] } };
}

function put_outbox(number, channel, kind, content, now) {
    const op = randomBytes(8).toString("hex");
    content.props.askwhy_op = op;
    const row = add_outbox.run(op, number, channel, kind, JSON.stringify(content), now).lastInsertRowid;
    return { row, op, content };
}

const raise = db.transaction((command) => {
    const now = Date.now();
    const { channel_id: channel, user_id: asker, user_name: person, text: title } = command;
    if (add_inbox.run(`trigger:${command.trigger_id}`, now).changes === 0) return null;
    const number = Number(add_ask.run(channel, asker, title, now).lastInsertRowid);
    add_log.run(now, "ask.raised", asker, number, channel, null);
    add_log.run(now, "question.asked", asker, number, channel, JSON.stringify({ kind: "why", remind_at: now + 86400000 }));
    const rows = [put_outbox(number, channel, "card", card(number, person, title, null), now),
        put_outbox(number, channel, "question", question(number, person), now)];
    return { number, channel, rows };
});

const mark = db.transaction((number, rows, messages) => {
    add_post.run(number, "card", messages[0]);
    add_post.run(number, "question", messages[1]);
    for (const row of rows) drop_outbox.run(row);
});

const answer = db.transaction((post, person) => {
    const now = Date.now();
    const ask = ask_of_card.get(post.root_id);
    if (ask === undefined || ask.asker !== post.user_id || ask.why !== null) return null;
    if (add_inbox.run(`post:${post.id}`, now).changes === 0) return null;
    give_why.run(post.message, ask.number);
    add_log.run(now, "question.answered", post.user_id, ask.number, ask.channel, JSON.stringify({ why: post.message }));
    return put_outbox(ask.number, ask.channel, "card", card(ask.number, person, ask.title, post.message), now);
});

const client = new Client4();
client.setUrl(MATTERMOST_URL);
client.setToken(MATTERMOST_TOKEN);

async function send(ask) {
    const [first, second] = ask.rows;
    const posted = await client.createPost({ channel_id: ask.channel, root_id: "", ...first.content, pending_post_id: first.op });
    const asked = await client.createPost(
        { channel_id: ask.channel, root_id: posted.id, ...second.content, pending_post_id: second.op });
    mark(ask.number, [first.row, second.row], [posted.id, asked.id]);
}

const digest = (text) => createHash("sha256").update(text).digest();
const expected = digest(MATTERMOST_COMMAND_TOKEN);

async function command_came(request, response) {
    let body = "";
    request.setEncoding("utf8");
    for await (const piece of request) body += piece;
    const command = Object.fromEntries(new URLSearchParams(body));
    const known = request.url === "/mattermost/command" && timingSafeEqual(digest(command.token ?? ""), expected);
    const ask = known ? raise(command) : null;
    const text = ask === null ? "" : `Raised as #${ask.number}.`;
    response.statusCode = known ? 200 : 401;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ response_type: "ephemeral", text, skip_slack_parsing: true }));
    if (ask !== null) await send(ask);
}

/* A connection opened with the header can be resumed. */
const events = new WebSocketClient({
    newWebSocketFn: (url) => new WebSocket(url, { headers: { Authorization: `Bearer ${MATTERMOST_TOKEN}` } }),
});
events.addMissedMessageListener(() => console.log("the server did not resume"));
events.addMessageListener(async (message) => {
    if (message.event !== "posted" || message.data.sender_name === "@askwhy") return;
    const post = JSON.parse(message.data.post);
    if (post.root_id === "" || post.type !== "") return;
    const row = answer(post, message.data.sender_name.slice(1));
    if (row === null) return;
    await client.patchPost({ id: post.root_id, ...row.content });
    drop_outbox.run(row.row);
});

const server = createServer((request, response) => void command_came(request, response));
server.listen(Number(BENCH_PORT), "127.0.0.1");
events.initialize(`${MATTERMOST_URL.replace("http", "ws")}/api/v4/websocket`);

process.once("SIGTERM", () => {
    events.close();
    server.closeAllConnections();
    db.close();
    process.exit(0);
});
