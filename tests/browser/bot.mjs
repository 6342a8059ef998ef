// A bot for the page's own tests, so that they show the page at fault and not askwhy: it speaks to the sandbox over
// its Web API and Socket Mode and does what a test tells it to.

import WebSocket from "ws";

const APP = "xapp-1-A0SANDBOX-1-sandbox";
const BOT = "xoxb-sandbox-bot";

export class Bot {
    constructor(url) {
        this.url = url;
        this.heard = [];
        this.waiting = [];
        this.answers = new Map(); // type → what the acknowledgement carries
    }

    async call(method, args = {}, token = BOT) {
        const body = new URLSearchParams();
        for (const [name, value] of Object.entries(args)) body.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
        const answer = await fetch(`${this.url}/api/${method}`, { method: "POST", headers: { Authorization: `Bearer ${token}` }, body });
        const said = await answer.json();
        if (!said.ok) throw new Error(`${method}: ${said.error}`);
        return said;
    }

    async connect() {
        const { url } = await this.call("apps.connections.open", {}, APP);
        this.socket = new WebSocket(url);
        await new Promise((resolve, reject) => {
            this.socket.once("error", reject);
            this.socket.on("message", (data) => {
                const frame = JSON.parse(data);
                if (frame.type === "hello") resolve();
                else if (frame.envelope_id) this.hear(frame);
            });
        });
        return this;
    }

    hear(frame) {
        const { payload } = frame;
        const kind = frame.type === "events_api" ? payload.event.type : frame.type === "slash_commands" ? "command" : payload.type;
        const answer = this.answers.get(kind);
        const ack = { envelope_id: frame.envelope_id };
        if (answer) ack.payload = answer;
        this.socket.send(JSON.stringify(ack));
        const at = this.waiting.findIndex((one) => one.kind === kind);
        if (at >= 0) this.waiting.splice(at, 1)[0].resolve(payload);
        else this.heard.push({ kind, payload });
    }

    // The payload of the next event, command, button press or form of this kind.
    next(kind) {
        const at = this.heard.findIndex((one) => one.kind === kind);
        if (at >= 0) return Promise.resolve(this.heard.splice(at, 1)[0].payload);
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`the bot was not told of any ${kind}`)), 15000);
            this.waiting.push({ kind, resolve: (payload) => { clearTimeout(timer); resolve(payload); } });
        });
    }

    say(channel, text, more = {}) {
        return this.call("chat.postMessage", { channel, text, ...more });
    }

    close() {
        this.socket?.close();
    }
}
