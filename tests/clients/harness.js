// Starts the sandbox, speaks for its people, and keeps count.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const bin = process.env.ASKWHY_BIN_DIR ?? process.env.ASKWHY_BUILD ?? join(root, "build", "release");
export const sandbox_program = join(bin, "askwhy-sandbox");
export const tokens = { app: "xapp-1-A0SANDBOX-1-sandbox", bot: "xoxb-sandbox-bot" };
export const count = { passed: 0, failed: 0 };

if (!existsSync(sandbox_program)) {
    console.error(`${sandbox_program} is not there: build it first, or name its folder in ASKWHY_BUILD`);
    process.exit(2);
}

export async function test(name, story) {
    let timer;
    try {
        await Promise.race([story(), new Promise((_, reject) => {
            timer = setTimeout(() => reject(new Error("took longer than 60 s")), 60000);
        })]);
        count.passed++;
        console.log(`ok ${name}`);
    } catch (error) {
        count.failed++;
        console.log(`not ok ${name}\n${error.stack ?? error}`);
    } finally {
        clearTimeout(timer);
    }
}

// A sandbox that said where it listens; ended is its exit status and all it printed.
export function start_sandbox(...args) {
    const child = spawn(sandbox_program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const ended = new Promise((resolve) => child.once("close", (status) => resolve({ status, said })));
    return new Promise((resolve, reject) => {
        const hear = (data) => {
            said += data;
            const url = /ready (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
            if (url) resolve({ url: url[1], api: `${url[1]}/api/`, ended, stop: () => (child.kill("SIGTERM"), ended) });
        };
        child.stdout.on("data", hear);
        child.stderr.on("data", hear);
        child.once("error", reject);
        ended.then(() => reject(new Error(`the sandbox ended:\n${said}`)));
    });
}

// A person at the page's socket. sees(test) resolves to the first message, of the past too, that passes and was
// not given before.
export async function enter(sandbox, who) {
    const socket = new WebSocket(`${sandbox.url.replace("http", "ws")}/sandbox/socket`);
    const seen = [];
    const waiting = [];
    socket.on("message", (data) => {
        seen.push(JSON.parse(data));
        for (const look of [...waiting]) look();
    });
    await new Promise((resolve, reject) => {
        socket.once("open", resolve);
        socket.once("error", reject);
    });
    const person = {
        seen,
        send: (frame) => socket.send(frame),
        act: (order) => socket.send(JSON.stringify(order)),
        sees: (wanted, what = "what was waited for") => new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                waiting.splice(waiting.indexOf(look), 1);
                reject(new Error(`${who} did not see ${what}; saw ${JSON.stringify(seen, null, 1)}`));
            }, 10000);
            const look = () => {
                const at = seen.findIndex(wanted);
                if (at < 0) return;
                clearTimeout(timer);
                if (waiting.includes(look)) waiting.splice(waiting.indexOf(look), 1);
                resolve(seen.splice(at, 1)[0]);
            };
            waiting.push(look);
            look();
        }),
        leave: () => new Promise((resolve) => {
            socket.once("close", resolve);
            socket.close();
        }),
    };
    person.act({ do: "enter", as: who });
    await person.sees((message) => message.see === "workspace", "the workspace");
    return person;
}

export async function misbehave(sandbox, order) {
    const answer = await fetch(`${sandbox.url}/sandbox/misbehave`, { method: "POST", body: JSON.stringify(order) });
    if (!answer.ok) throw new Error(`misbehave: ${await answer.text()}`);
}
