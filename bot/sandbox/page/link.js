// The socket to the sandbox: JSON in both directions, opened anew whenever it is lost.

const WAITS = [200, 500, 1000, 2000, 4000];

export class Link {
    constructor({ opened, lost, heard }) {
        this.opened = opened;
        this.lost = lost;
        this.heard = heard;
        this.failures = 0;
        this.socket = null;
        this.timer = null;
    }

    open() {
        clearTimeout(this.timer);
        this.timer = null;
        const scheme = location.protocol === "https:" ? "wss:" : "ws:";
        const socket = new WebSocket(`${scheme}//${location.host}/sandbox/socket`);
        this.socket = socket;
        socket.addEventListener("open", () => {
            this.failures = 0;
            this.opened();
        });
        socket.addEventListener("message", (event) => {
            if (socket !== this.socket) return;
            let message;
            try {
                message = JSON.parse(event.data);
            } catch {
                return;
            }
            if (message && typeof message === "object") this.heard(message);
        });
        socket.addEventListener("close", () => {
            if (socket !== this.socket) return;
            this.socket = null;
            this.lost();
            this.timer = setTimeout(() => this.open(), WAITS[Math.min(this.failures++, WAITS.length - 1)]);
        });
    }

    // Now rather than when the wait is over.
    retry() {
        if (this.timer !== null) this.open();
    }

    get ready() {
        return this.socket?.readyState === WebSocket.OPEN;
    }

    // False when there is nobody to tell; the caller keeps what was typed.
    send(message) {
        if (!this.ready) return false;
        this.socket.send(JSON.stringify(message));
        return true;
    }
}
