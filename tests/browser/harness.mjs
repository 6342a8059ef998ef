// Starts the programs and the browser, and keeps count. All that was started ends with stop_all().

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const count = { passed: 0, failed: 0 };
const running = new Set();
let browser = null;
let profile = null;
let shots = null;

export async function start_browser(folder) {
    shots = folder;
    mkdirSync(shots, { recursive: true });
    profile = mkdtempSync(join(tmpdir(), "askwhy-browser-"));
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", `--disk-cache-dir=${profile}`],
    });
}

// Starts a program; resolves to {process, url, stop()} when it has said where it listens.
export function start(program, args, env = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
        let said = "";
        const stop = () => new Promise((ended) => {
            running.delete(child);
            if (child.exitCode !== null || child.signalCode !== null) ended();
            else {
                child.once("exit", ended);
                child.kill("SIGTERM");
            }
        });
        const timer = setTimeout(() => reject(new Error(`${program} did not get ready in 30 s:\n${said}`)), 30000);
        const hear = (data) => {
            said += data;
            const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
            if (url) {
                clearTimeout(timer);
                resolve({ process: child, url: url[0], stop, said: () => said });
            }
        };
        running.add(child);
        child.stdout.on("data", hear);
        child.stderr.on("data", hear);
        child.once("error", reject);
        child.once("exit", (code, signal) => {
            running.delete(child);
            clearTimeout(timer);
            reject(new Error(`${program} ended (${signal ?? code}):\n${said}`));
        });
    });
}

// A tab of its own profile. What goes wrong in the page fails the test that opened it.
export async function open(url, { width = 1280, height = 800, dark = false, phone = false } = {}) {
    const context = await browser.newContext({
        viewport: phone ? { width: 390, height: 780 } : { width, height }, hasTouch: phone, isMobile: phone,
        colorScheme: dark ? "dark" : "light", locale: "en-GB", timezoneId: "UTC",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    page.troubles = [];
    page.on("pageerror", (error) => page.troubles.push(String(error.stack ?? error)));
    page.on("console", (message) => {
        if (message.type() === "error" && !/WebSocket connection|ERR_CONNECTION/.test(message.text())) page.troubles.push(message.text());
    });
    page.on("request", (request) => {
        if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith("data:")) page.troubles.push(`asked for ${request.url()}`);
    });
    await page.goto(url);
    await page.locator("#side [aria-pressed=true]").waitFor({ state: "attached" });
    return page;
}

export const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`), animations: "disabled" });

export const become = async (page, name) => {
    await page.locator(`#side [data-name="${name}"]`).first().click();
    await page.locator(`#side .person[data-name="${name}"][aria-pressed=true]`).waitFor({ state: "attached" });
};

export const go = async (page, channel) => {
    await page.locator(`#side .channel[data-name="${channel}"]`).click();
    await page.locator(`#side .channel[data-name="${channel}"][aria-current=page]`).waitFor({ state: "attached" });
};

export async function write(page, text, field = "#message") {
    await page.locator(field).fill(text);
    await page.locator(field).press("Enter");
}

export function holds(condition, what) {
    if (!condition) throw new Error(what);
}

export function same(found, wanted, what) {
    const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
}

// One test: the pages it opens are closed after it, and must not have met an error of their own.
export async function test(name, run) {
    const pages = [];
    const opened = async (...args) => {
        const page = await open(...args);
        pages.push(page);
        return page;
    };
    try {
        await run(opened);
        for (const page of pages) holds(page.troubles.length === 0, `the page itself met: ${page.troubles.join("\n")}`);
        count.passed++;
        console.log(`ok ${name}`);
    } catch (error) {
        count.failed++;
        console.log(`not ok ${name}\n    ${String(error.message).replaceAll("\n", "\n    ")}`);
        for (const page of pages) await shot(page, `failed-${name.replace(/\W+/g, "-").slice(0, 50)}-${pages.indexOf(page)}`).catch(() => {});
    } finally {
        for (const page of pages) await page.context().close().catch(() => {});
    }
}

export async function stop_all() {
    await browser?.close().catch(() => {});
    for (const child of running) child.kill("SIGKILL");
    if (profile) rmSync(profile, { recursive: true, force: true });
}
