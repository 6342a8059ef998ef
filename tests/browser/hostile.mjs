// Hostile words in every place of the page, from people, from a bot, and through askwhy: they are words there.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bot } from "./bot.mjs";
import { go, holds, same, start, test, write } from "./harness.mjs";

// Each would set window.hxran, make an element, or lead away, were it taken for more than text.
const WORDS = [
    "<script>window.hxran=1</script>", "</script><script>window.hxran=1</script>", "<img src=x onerror=window.hxran=1>",
    "<svg onload=window.hxran=1>", "<iframe srcdoc='<script>parent.hxran=1</script>'></iframe>", "\" onmouseover=\"window.hxran=1\" x=\"",
    "' onfocus='window.hxran=1' autofocus tabindex=1 x='", "</textarea><img src=x onerror=window.hxran=1>", "</title><b>bold</b>",
    "<!-- --><style>*{display:none}</style>", "<a href=javascript:window.hxran=1>click</a>", "${window.hxran=1}{{constructor.constructor('window.hxran=1')()}}",
    "<base href=https://evil.example/>", "<meta http-equiv=refresh content=0;url=https://evil.example/>", "<form action=https://evil.example/><input name=x>",
    "&lt;img src=x onerror=window.hxran=1&gt;", "&#60;img src=x onerror=window.hxran=1&#62;", "<math><mi//xlink:href=\"data:x,<script>window.hxran=1</script>\">",
    "__proto__", "constructor", "\u202emoc.knab\u202c", "\u0085\u2028\u2029", "\ud83d\udca9".repeat(50), "x".repeat(3000),
];
// Slack's own notation, as a hostile program would send it.
const TOKENS = [
    "<javascript:window.hxran=1|click>", "<JaVaScRiPt:window.hxran=1|click>", "<java\tscript:window.hxran=1|click>", "<data:text/html,<script>window.hxran=1</script>|click>",
    "<vbscript:x|click>", "<https://evil.example/\"onmouseover=\"window.hxran=1|click>", "<https://evil.example/a|<img src=x onerror=window.hxran=1>>",
    "<@U0DANA|<img src=x onerror=window.hxran=1>>", "<#C0GENERAL|<svg onload=window.hxran=1>>", "<!date^1^{date}^javascript:window.hxran=1|x>",
    "<!date^x^<img src=x onerror=window.hxran=1>|x>", "<!subteam^S1|<img src=x onerror=window.hxran=1>>", "<@__proto__>", "<@constructor>", "<#toString>",
    "*<img src=x onerror=window.hxran=1>*", "`<img src=x onerror=window.hxran=1>`", "```<script>window.hxran=1</script>```", ":<img src=x onerror=window.hxran=1>:",
    ":__proto__:", ":constructor:", "> <img src=x onerror=window.hxran=1>", "<file:///etc/passwd|x>", "<blob:x|x>", "<//evil.example|x>", "<\\\\evil.example|x>",
];

const TAGS = ["script", "img", "iframe", "object", "embed", "math", "base", "meta", "style", "link", "form", "video", "audio", "frame", "marquee"];

// What of the page words could have made. Taken before and after, it must be the same.
const structure = (page) => page.evaluate((tags) => {
    const all = [...document.querySelectorAll("*")];
    const count = Object.fromEntries(tags.map((tag) => [tag, all.filter((one) => one.localName === tag && !one.closest("dialog")).length]));
    return {
        count,
        handlers: all.flatMap((one) => [...one.attributes]).filter((one) => /^on/i.test(one.name) || one.name === "srcdoc").map((one) => one.name),
        links: all.filter((one) => one.hasAttribute("href") && !one.closest("head")).map((one) => one.getAttribute("href")).filter((href) => !/^(https?:|mailto:|#)/.test(href)),
        outward: all.filter((one) => one.localName === "a" && one.target === "_blank" && !/noopener/.test(one.rel)).length,
        ran: window.hxran ?? null,
        polluted: ({}).hxran ?? null,
    };
}, TAGS);

async function is_unharmed(page, before, what) {
    const after = await structure(page);
    same(after.ran, null, `${what}: a script that ran`);
    same(after.handlers, [], `${what}: handlers in the page`);
    same(after.links, [], `${what}: links that lead nowhere good`);
    same(after.outward, 0, `${what}: links that hand the page over`);
    same(after.count, before.count, `${what}: elements`);
    holds(new URL(page.url()).hostname === "127.0.0.1", `${what}: the page has left for ${page.url()}`);
}

const guarded = async (open, url) => {
    const page = await open(url);
    page.on("dialog", (dialog) => {
        page.troubles.push(`a dialog: ${dialog.message()}`);
        dialog.dismiss();
    });
    return page;
};

const plain = (text) => ({ type: "plain_text", text: text.slice(0, 70) || "…", emoji: true });
const mrkdwn = (text) => ({ type: "mrkdwn", text });

async function from_people(url) {
    await test("what people write is text in the page, whatever it looks like", async (open) => {
        const dana = await guarded(open, url), before = await structure(dana);
        for (const words of WORDS) await write(dana, `hx ${words}`);
        await dana.locator("#messages .message", { hasText: "xxxxxxxxxx" }).first().waitFor();
        await is_unharmed(dana, before, "after writing");
        const shown = await dana.locator("#messages").textContent();
        for (const words of ["<script>window.hxran=1</script>", "<img src=x onerror=window.hxran=1>", "\" onmouseover=\"window.hxran=1\" x=\""])
            holds(shown.includes(words), `${words} is not shown as it was written`);
        await dana.reload();
        await dana.locator("#messages .message", { hasText: "xxxxxxxxxx" }).first().waitFor();
        await is_unharmed(dana, before, "after a reload");
    });
}

async function from_a_bot(url, bot) {
    await test("a hostile program's messages, buttons, fallbacks and names are text", async (open) => {
        const dana = await guarded(open, url), before = await structure(dana);
        let n = 0;
        for (const words of [...WORDS, ...TOKENS]) {
            n++;
            await bot.say("C0ASKS", words.slice(0, 3900) || "…").catch(() => {});
            await bot.say("C0ASKS", `hx ${n}`, { blocks: [
                { type: "header", text: plain(words) }, { type: "section", text: mrkdwn(words.slice(0, 2900)) },
                { type: "context", elements: [mrkdwn(words.slice(0, 1900))] }, { type: "divider" },
                { type: "actions", elements: [{ type: "button", action_id: `a${n}`, value: words.slice(0, 1900), text: plain(words) }] }] });
        }
        await bot.say("C0ASKS", "hx the end");
        await dana.locator("#messages .message", { hasText: "hx the end" }).waitFor();
        await is_unharmed(dana, before, "after the bot's messages");
        holds((await dana.locator("#messages").textContent()).includes("<img src=x onerror=window.hxran=1>"), "the words are not shown");
    });

    await test("a hostile program's forms and home page are text, and values come back as they were", async (open) => {
        const dana = await guarded(open, url), before = await structure(dana);
        await dana.getByRole("button", { name: "App home" }).click();
        await bot.next("app_home_opened");
        const words = [...WORDS, ...TOKENS].filter((one) => one.length < 1000);
        await bot.call("views.publish", { user_id: "U0DANA", view: { type: "home", blocks: words.slice(0, 48).flatMap((one) => [
            { type: "section", text: mrkdwn(one) }, { type: "context", elements: [mrkdwn(one)] }]) } });
        await dana.locator("#home", { hasText: "window.hxran=1" }).waitFor();
        await is_unharmed(dana, before, "the home page");

        await go(dana, "product-asks");
        await dana.getByRole("button", { name: "Shortcuts" }).click();
        await dana.getByRole("menuitem", { name: "New ask" }).click();
        const shortcut = await bot.next("shortcut");
        const [first, second] = ["<img src=x onerror=window.hxran=1>", "\" onfocus=\"window.hxran=1\" autofocus x=\""];
        await bot.call("views.open", { trigger_id: shortcut.trigger_id, view: {
            type: "modal", callback_id: "hx", title: plain("<b>hx</b>"), submit: plain("<i>Go</i>"), close: plain("</form>"),
            private_metadata: first, blocks: [
                { type: "section", text: mrkdwn(first) },
                { type: "input", block_id: "one", label: plain(first), hint: plain(second), element: { type: "plain_text_input", action_id: "one", initial_value: first, placeholder: plain(second) } },
                { type: "input", block_id: "two", label: plain(second), element: { type: "plain_text_input", action_id: "two", multiline: true, initial_value: `</textarea>${second}` } },
                { type: "input", block_id: "three", label: plain("<u>"), element: { type: "static_select", action_id: "three", options: [{ text: plain(first), value: second }, { text: plain(second), value: first }], initial_option: { text: plain(first), value: second } } }] } });
        const dialog = dana.getByRole("dialog");
        await dialog.waitFor();
        same(await dialog.locator("img, script, iframe, object, math, b, i, u, [onfocus], [autofocus]").count(), 0, "elements that words made in the form");
        await is_unharmed(dana, before, "the form");
        await dialog.getByRole("button", { name: "<i>Go</i>" }).click();
        const sent = await bot.next("view_submission");
        same(sent.view.state.values.one.one.value, first, "the first field");
        same(sent.view.state.values.two.two.value, `</textarea>${second}`, "the second field");
        same(sent.view.state.values.three.three.selected_option.value, second, "the choice");
        same(sent.view.private_metadata, first, "the form's state");
    });
}

async function through_askwhy(askwhy) {
    const home = mkdtempSync(join(tmpdir(), "askwhy-hostile-"));
    const { url, stop } = await start(askwhy, ["demo", "--no-browser", "--port", "0"], {
        HOME: home, TMPDIR: home, SLACK_APP_TOKEN: undefined, SLACK_BOT_TOKEN: undefined, SLACK_API_URL: undefined, ASKWHY_DATABASE: undefined,
    });
    await test("an ask, a why and a search of hostile words go through askwhy and are words in the page", async (open) => {
        const dana = await guarded(open, url), before = await structure(dana);
        await dana.locator("#banner").waitFor({ state: "hidden" });
        await write(dana, "/ask hx <img src=x onerror=window.hxran=1>");
        await dana.locator("#messages .message.from-bot", { hasText: "hx <img src=x onerror=window.hxran=1>" }).first().waitFor();
        await write(dana, "/why 1 \"><script>window.hxran=1</script> </textarea><svg onload=window.hxran=1>");
        await dana.locator("#messages .message.from-bot", { hasText: "<script>window.hxran=1</script>" }).first().waitFor();
        await write(dana, "/ask search <img src=x onerror=window.hxran=1>");
        await dana.locator("#messages .ephemeral", { hasText: "with" }).last().waitFor();
        await write(dana, "/ask settings question why <iframe srcdoc=x> <!channel>?");
        await dana.locator("#messages .ephemeral", { hasText: "settles that" }).waitFor();
        await dana.getByRole("button", { name: "App home" }).click();
        await dana.locator("#home .blocks", { hasText: "hx <img" }).waitFor();
        await is_unharmed(dana, before, "through askwhy");
    });
    await stop();
    rmSync(home, { recursive: true, force: true });
}

export async function hostile_tests({ sandbox, askwhy }, page_only) {
    const { url, stop } = await start(sandbox, ["--port", "0", "--quiet"]);
    const bot = await new Bot(url).connect();
    await from_people(url);
    await from_a_bot(url, bot);
    bot.close();
    await stop();
    if (!page_only) await through_askwhy(askwhy);
}
