// A Mattermost to try stories on, its people, and where the bot is called: the sandbox's, or a real server's that
// ASKWHY_MATTERMOST names (see mattermost.js).

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import WebSocket from "ws";
import { enter, start_sandbox } from "./harness.js";

const { Client4, WebSocketClient } = createRequire(import.meta.url)("@mattermost/client");

export const word = () => randomBytes(6).toString("hex");

// Calls from the server: each waits in calls until somebody takes it, and is answered as `answer` says.
async function listen() {
    const calls = [];
    const waiting = [];
    const ears = { answer: () => ({}), calls };
    const server = createServer(async (request, response) => {
        let body = "";
        for await (const part of request) body += part;
        const { pathname } = new URL(request.url, "http://localhost");
        const call = { path: pathname, method: request.method, headers: request.headers, names: request.rawHeaders, body };
        call.json = () => JSON.parse(body);
        call.form = () => Object.fromEntries(new URLSearchParams(body));
        const answer = await ears.answer(call);
        response.writeHead(200, { "Content-Type": "application/json", Connection: "close" });
        response.end(JSON.stringify(answer ?? {}));
        calls.push(call);
        for (const look of [...waiting]) look();
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    ears.url = `http://127.0.0.1:${server.address().port}`;
    ears.called = (path) => new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`nobody called ${path}`)), 10000);
        const look = () => {
            const at = calls.findIndex((call) => call.path === path);
            if (at < 0) return;
            clearTimeout(timer);
            if (waiting.includes(look)) waiting.splice(waiting.indexOf(look), 1);
            resolve(calls.splice(at, 1)[0]);
        };
        waiting.push(look);
        look();
    });
    ears.stop = () => new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
    });
    return ears;
}

// The official WebSocket client, and all it was told. by: "header", or "challenge" as browsers do without a cookie.
export function listener(world, token, by = "header") {
    const heard = [];
    const waiting = [];
    const socket = new WebSocketClient({
        minWebSocketRetryTime: 30, reconnectJitterRange: 20,
        newWebSocketFn: (url) => new WebSocket(url, by === "header" ? { headers: { Authorization: `Bearer ${token}` } } : {}),
    });
    const all = { socket, heard, missed: 0, frames: [], closes: 0 };
    socket.addMissedMessageListener(() => all.missed++);
    socket.addCloseListener(() => all.closes++);
    socket.addMessageListener((frame) => {
        heard.push(frame);
        all.frames.push(frame);
        for (const look of [...waiting]) look();
    });
    // The first frame of the past or to come that passes and was not given before.
    all.hears = (wanted, what = wanted) => new Promise((resolve, reject) => {
        const passes = typeof wanted === "string" ? (frame) => frame.event === wanted : wanted;
        const timer = setTimeout(() => {
            waiting.splice(waiting.indexOf(look), 1);
            reject(new Error(`did not hear ${what}; heard ${JSON.stringify(all.frames, null, 1)}`));
        }, 10000);
        const look = () => {
            const at = heard.findIndex(passes);
            if (at < 0) return;
            clearTimeout(timer);
            if (waiting.includes(look)) waiting.splice(waiting.indexOf(look), 1);
            resolve(heard.splice(at, 1)[0]);
        };
        waiting.push(look);
        look();
    });
    all.posted = (text) => all.hears((frame) => frame.event === "posted" && JSON.parse(frame.data.post).message === text,
        `"${text}"`);
    all.asks = (action, data) => new Promise((resolve) => socket.sendMessage(action, data, resolve));
    all.pings = () => new Promise((resolve) => socket.ping(resolve));
    all.cut = () => socket.conn.terminate();
    all.leave = () => {
        const { conn } = socket;
        socket.close();
        conn?.terminate();
    };
    socket.initialize(`${world.url.replace("http", "ws")}/api/v4/websocket`, by === "challenge" ? token : undefined);
    return all;
}

export function client(world, token) {
    const made = new Client4();
    made.setUrl(world.url);
    made.setToken(token);
    return made;
}

// A person of the sandbox does at its page what the web client would do; one of a real server by its API.
function person_of(world, { name, token }) {
    const person = { name, token, client: client(world, token) };
    person.enter = async () => {
        person.id = (await person.client.getMe()).id;
        if (world.sandbox) person.page = await enter(world.sandbox, person.id);
        else person.ears = listener(world, token);
    };
    person.leave = () => (world.sandbox ? person.page?.leave() : person.ears?.leave());
    person.types = async (text) => {
        if (world.sandbox) person.page.act({ do: "post", channel: world.channel.id, thread: null, text });
        else await person.client.executeCommand(text, { channel_id: world.channel.id, team_id: world.team.id });
    };
    person.alone_sees = async (text) => {
        if (world.sandbox)
            return person.page.sees((see) => see.see === "ephemeral" && see.message.text.includes(text), `"${text}" alone`);
        return person.ears.hears((frame) => frame.event === "ephemeral_message" &&
            JSON.parse(frame.data.post).message.includes(text), `"${text}" alone`);
    };
    person.presses = async (post, action, choice) => {
        if (!world.sandbox) return person.client.doPostActionWithCookie(post.id, action, "", choice);
        const shown = await person.page.sees((see) => see.see === "message" && see.message.text.includes(post.message), "the card");
        const block = shown.message.blocks.find((one) => one.elements?.some((element) => element.action_id === action));
        person.page.act({
            do: "press", channel: post.channel_id, ts: shown.message.ts, block_id: block?.block_id, action_id: action,
            value: choice,
        });
    };
    person.gets_form = async () => {
        if (world.sandbox) return (await person.page.sees((see) => see.see === "view", "the form")).view;
        return JSON.parse((await person.ears.hears("open_dialog")).data.dialog);
    };
    // fields: name → [as the page sends it, as the web client does]
    person.submits = async (form, fields) => {
        if (world.sandbox) {
            const values = Object.entries(fields).map(([name, [entry]]) => [name, { value: entry }]);
            person.page.act({ do: "submit", view: form.id, values: Object.fromEntries(values) });
            return;
        }
        const submission = Object.fromEntries(Object.entries(fields).map(([name, [, value]]) => [name, value]));
        person.answer = await person.client.submitInteractiveDialog({
            url: form.url, callback_id: form.dialog.callback_id, state: form.dialog.state, user_id: person.id,
            channel_id: world.channel.id, team_id: world.team.id, submission, cancelled: false,
        });
    };
    person.sees_error = async (name) => {
        if (world.sandbox) return (await person.page.sees((see) => see.see === "errors", "the errors")).errors[name];
        return person.answer.errors[name];
    };
    return person;
}

const of_sandbox = {
    team: "sandbox", channel: "product-asks",
    bot: { name: "askwhy", token: "sandboxmattermostbottoken1" },
    admin: { name: "admin", token: "sandboxmattermostadmtoken1" },
    dana: { name: "dana", token: "danasandboxmattermosttoken" },
    sam: { name: "sam", token: "samsandboxmattermosttoken" },
};

export async function open_world(like, real) {
    const given = real ?? of_sandbox;
    const world = { like, real: real !== undefined, old: like === "5.37", given };
    world.ears = await listen();
    if (!real) world.sandbox = await start_sandbox("--platform", "mattermost", "--like", like, "--callback", world.ears.url);
    world.url = world.sandbox?.url ?? real.url;
    for (const name of ["bot", "admin", "dana", "sam"]) world[name] = person_of(world, given[name]);
    world.bot.id = (await world.bot.client.getMe()).id;
    world.team = await world.bot.client.getTeamByName(given.team);
    world.channel = await world.bot.client.getChannelByName(world.team.id, given.channel);
    world.listens = (who = world.bot, by) => {
        const ears = listener(world, who.token, by);
        world.open.push(ears);
        return ears;
    };
    world.open = [];
    world.end = async () => {
        for (const ears of world.open) ears.leave();
        await world.dana.leave();
        await world.sam.leave();
        await world.ears.stop();
        return world.sandbox?.stop();
    };
    return world;
}
