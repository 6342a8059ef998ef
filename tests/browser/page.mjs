// The page by itself: what people see, type and press, with a bot of the tests' own at the other end.

import { Bot } from "./bot.mjs";
import { become, go, holds, same, shot, start, test, write } from "./harness.mjs";
import { contrast_faults } from "./contrast.mjs";

const ASKS = "C0ASKS";
const plain = (text) => ({ type: "plain_text", text });

const card = (state) => ({
    text: "#1 Add SSO for Acme by June",
    blocks: [
        { type: "section", text: { type: "mrkdwn", text: "*#1 Add SSO for Acme by June*" } },
        { type: "context", elements: [{ type: "mrkdwn", text: `${state} · asked by <@U0DANA> (Sales)` }] },
        { type: "actions", elements: [
            { type: "button", action_id: "why", value: "1", style: "primary", text: plain("Add the why") },
            { type: "button", action_id: "voice", value: "1", text: plain("I need this too") },
            { type: "button", action_id: "stop", value: "1", style: "danger", text: plain("Withdraw") }] }],
});

const form = {
    type: "modal", callback_id: "why", title: plain("Add the why"), submit: plain("Save"), close: plain("Not now"),
    blocks: [
        { type: "section", text: { type: "mrkdwn", text: "*#1* Add SSO for Acme by June" } },
        { type: "input", block_id: "why", label: plain("Why"), hint: plain("What goes wrong without it, and for whom?"), element: { type: "plain_text_input", action_id: "a", multiline: true } },
        { type: "input", block_id: "metric", optional: true, label: plain("Metric"), element: { type: "plain_text_input", action_id: "a", placeholder: plain("deals won") } },
        { type: "input", block_id: "proof", label: plain("Evidence"), element: { type: "radio_buttons", action_id: "a", options: [{ text: plain("One customer"), value: "one" }, { text: plain("Measured"), value: "measured" }] } },
        { type: "input", block_id: "sure", optional: true, label: plain("How sure"), element: { type: "static_select", action_id: "a", options: [{ text: plain("A guess"), value: "low" }, { text: plain("Certain"), value: "high" }] } },
        { type: "input", block_id: "who", optional: true, label: plain("Whom to talk to"), element: { type: "users_select", action_id: "a" } },
        { type: "input", block_id: "where", optional: true, label: plain("Channel"), element: { type: "conversations_select", action_id: "a" } },
        { type: "input", block_id: "day", optional: true, label: plain("By when"), element: { type: "datepicker", action_id: "a" } },
        { type: "input", block_id: "also", optional: true, label: plain("Also"), element: { type: "checkboxes", action_id: "a", options: [{ text: plain("Tell the team"), value: "team" }] } }],
};

const HOSTILE = [
    "&lt;script&gt;window.broken = 1&lt;/script&gt; &lt;img src=x onerror=\"window.broken = 1\"&gt;",
    "<javascript:window.broken=1|press me> <data:text/html,x|me too>",
    `long ${"x".repeat(2000)}`,
    "مرحبا بالعالم abc 123\nEnglish below \u202Ebackwards",
    "🎉🚀",
    "lorem ipsum ".repeat(3300),
    "*a ".repeat(13000),
    "`_*~".repeat(9000),
    "&lt;".repeat(9000),
];

const narrow_enough = (page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth
    && [...document.querySelectorAll("#messages, #replies, #side, #home")].every((node) => node.hidden || node.scrollWidth <= node.clientWidth + 1));

export async function page_tests({ sandbox }) {
    const program = await start(sandbox, ["--port", "0", "--quiet"]);
    const { url } = program;
    const bot = await new Bot(url).connect();

    await test("a newcomer sees who they are, where they are and how to begin", async (open) => {
        const page = await open(url);
        same(await page.locator("#you-are").textContent(), "You are: Dana Reyes — Sales", "who one is");
        await page.locator("#channel-title").getByText("product-asks").waitFor();
        same(await page.locator("#message").getAttribute("placeholder"), "/ask Add SSO for Acme by June", "the hint");
        await page.locator("#guide").getByText("Ask for something").waitFor();
        await page.locator("#guide").getByRole("button", { name: "Fill it in" }).click();
        same(await page.locator("#message").inputValue(), "/ask Add SSO for Acme by June", "what the guide fills in");
        await shot(page, "page-first");
    });

    await test("the guide goes away when closed, stays away, and comes back when asked", async (open) => {
        const page = await open(url);
        await page.getByRole("button", { name: "Close the guide" }).click();
        await page.locator("#guide").waitFor({ state: "hidden" });
        await page.reload();
        await page.locator("#side [aria-pressed=true]").waitFor();
        holds(await page.locator("#guide").isHidden(), "the guide came back by itself");
        await page.getByRole("button", { name: "Show the guide" }).click();
        await page.locator("#guide").waitFor();
    });

    await test("writing suggests commands, people and channels, by keyboard alone", async (open) => {
        const page = await open(url);
        await page.locator("#message").pressSequentially("/w");
        await page.getByRole("option", { name: /\/why/ }).waitFor();
        await page.keyboard.press("Tab");
        same(await page.locator("#message").inputValue(), "/why ", "the command taken");
        await page.locator("#message").fill("");
        await page.locator("#message").pressSequentially("hello @sa");
        await page.getByRole("option", { name: /@sam/ }).waitFor();
        await page.keyboard.press("Enter");
        await page.locator("#message").pressSequentially("see #gen");
        await page.getByRole("option", { name: /#general/ }).waitFor();
        await shot(page, "page-suggestions");
        await page.keyboard.press("Escape");
        await page.getByRole("listbox").waitFor({ state: "hidden" });
        await page.keyboard.press("Shift+Enter");
        same(await page.locator("#message").inputValue(), "hello @sam see #gen\n", "the text");
    });

    await test("what one writes the others read, each in their own zone, with an unread mark", async (open) => {
        const dana = await open(url);
        const ceo = await open(url);
        await become(ceo, "ceo");
        await go(dana, "general");
        await write(dana, "Good morning @ceo, *see* #product-asks");
        const fresh = ceo.locator("#side .channel[data-name=general]");
        await fresh.and(ceo.locator("[data-unread=true]")).waitFor();
        same(await fresh.locator(".calls-badge").textContent(), "1 for you", "calls for Alex");
        await fresh.click();
        const message = ceo.locator("#messages .message", { hasText: "Good morning" });
        await message.locator(".chip-me", { hasText: "@Alex Kim" }).waitFor();
        same(await message.locator("strong").textContent(), "see", "what is bold");
        await fresh.and(ceo.locator("[data-unread=false]")).waitFor();
        const hours = await Promise.all([dana, ceo].map((page) => page.locator("#messages .message", { hasText: "Good morning" }).locator("time").first().textContent()));
        const apart = (Number(hours[0].slice(0, 2)) - Number(hours[1].slice(0, 2)) + 24) % 24;
        holds(apart === 6 || apart === 7, `Tallinn and New York are ${apart} hours apart (${hours.join(", ")})`);
        await message.locator(".chip-link").click();
        await ceo.locator("#channel-title").getByText("product-asks").waitFor();
    });

    await test("who changes into another stays in the channel, unless that person may not see it", async (open) => {
        const page = await open(url);
        await go(page, "general");
        await become(page, "jun");
        await page.locator("#channel-title").getByText("general").waitFor();
        await become(page, "ceo");
        await go(page, "deals");
        await become(page, "sam");
        await page.locator("#channel-title").getByText("product-asks").waitFor();
        same(await page.locator("#side .channel[data-name=deals]").count(), 0, "a private channel, listed for Sam");
        await page.locator("#side .channel[data-name=direct]").click();
        await become(page, "mia");
        await write(page, "hello askwhy");
        await page.locator("#messages .message[data-user=U0MIA]", { hasText: "hello askwhy" }).waitFor();
    });

    await test("askwhy is invited with a button, as with /invite, and shown the door with another", async (open) => {
        const page = await open(url);
        await go(page, "general");
        await page.getByRole("button", { name: "Invite askwhy" }).click();
        await page.locator("#messages .event", { hasText: "has joined" }).waitFor();
        await page.getByRole("button", { name: "askwhy is here" }).click();
        await page.getByRole("menuitem", { name: /Remove askwhy/ }).click();
        await page.getByRole("button", { name: "Invite askwhy" }).waitFor();
        await write(page, "/invite @askwhy");
        await page.getByRole("button", { name: "askwhy is here" }).waitFor();
    });

    await test("one's own message can be edited and deleted, another's cannot", async (open) => {
        const dana = await open(url);
        await go(dana, "general");
        await write(dana, "frist & <foremost>");
        const mine = dana.locator("#messages .message", { hasText: "foremost" });
        await mine.hover();
        await mine.getByRole("button", { name: "More actions" }).click();
        await dana.getByRole("menuitem", { name: "Edit message" }).click();
        const field = dana.getByRole("textbox", { name: "Edit message" });
        same(await field.inputValue(), "frist & <foremost>", "what is edited");
        await field.fill("first & <foremost>");
        await field.press("Enter");
        await mine.getByText("(edited)").waitFor();
        await become(dana, "mia");
        await mine.hover();
        await mine.getByRole("button", { name: "More actions" }).click();
        await dana.getByRole("menuitem", { name: "Raise as an ask" }).waitFor();
        same(await dana.getByRole("menuitem", { name: "Delete message" }).count(), 0, "delete offered to another");
        await dana.keyboard.press("Escape");
        await become(dana, "dana");
        await mine.hover();
        await mine.getByRole("button", { name: "More actions" }).click();
        await dana.getByRole("menuitem", { name: "Delete message" }).click();
        await dana.getByRole("button", { name: "Delete", exact: true }).click();
        await mine.waitFor({ state: "detached" });
    });

    await test("a command is answered in private, a card appears, and its thread calls the asker", async (open) => {
        const dana = await open(url);
        const sam = await open(url);
        await become(sam, "sam");
        bot.answers.set("command", { text: "Raised as #1: Add SSO for Acme by June" });
        await write(dana, "/ask Add SSO for Acme by June");
        const command = await bot.next("command");
        same([command.command, command.text, command.user_id], ["/ask", "Add SSO for Acme by June", "U0DANA"], "the command");
        const { ts } = await bot.say(ASKS, "", card("Waiting · its why and impact are missing"));
        await bot.say(ASKS, "<@U0DANA> What does it make possible?", { thread_ts: ts });
        const own = dana.locator("#messages .message.ephemeral", { hasText: "Raised as #1" });
        await own.getByText("Only visible to you").waitFor();
        await dana.locator("#messages .replies.calls", { hasText: "1 reply" }).waitFor();
        await sam.locator("#messages .replies", { hasText: "1 reply" }).waitFor();
        same(await sam.getByText("Raised as #1").count(), 0, "what Sam sees of the private answer");
        await shot(dana, "page-raised");

        await dana.locator("#messages .replies").click();
        holds(await dana.locator("#reply").evaluate((node) => node === document.activeElement), "the reply field has no focus");
        await write(dana, "Acme's IT forbids passwords", "#reply");
        await dana.locator("#replies .message", { hasText: "forbids passwords" }).waitFor();
        await bot.call("reactions.add", { channel: ASKS, timestamp: (await bot.next("message")).ts, name: "white_check_mark" }).catch(() => {});
        await bot.call("chat.update", { channel: ASKS, ts, ...card("Clear") });
        await dana.locator("#messages").getByText("Clear · asked by").waitFor();
        await dana.locator("#guide [data-step=clear][data-done=true]").waitFor({ state: "attached" });
        await write(dana, "/ask list", "#reply");
        await dana.locator("#replies .warning").getByText("no slash-commands in threads").waitFor();
        await shot(dana, "page-thread");
        await dana.locator("#reply").press("Escape");
        await dana.locator("#thread").waitFor({ state: "hidden" });
        holds(await dana.evaluate(() => document.activeElement.classList.contains("replies")), "the focus did not come back to where the thread was opened");
        bot.answers.delete("command");
    });

    await test("a button opens a form, errors stand beside its fields, and its values are Slack's", async (open) => {
        const dana = await open(url);
        await dana.locator("#messages").getByRole("button", { name: "Add the why" }).first().click();
        const press = await bot.next("block_actions");
        same([press.actions[0].action_id, press.actions[0].value, press.user.id], ["why", "1", "U0DANA"], "the press");
        await bot.call("views.open", { trigger_id: press.trigger_id, view: form });
        const dialog = dana.getByRole("dialog", { name: "Add the why" });
        await dialog.waitFor();
        await shot(dana, "page-form");
        await dialog.getByRole("button", { name: "Save" }).click();
        same(await dialog.locator(".field-error").count(), 2, "fields that miss something");
        await dialog.getByLabel("Why", { exact: true }).fill("because");
        await dialog.getByLabel("Measured").check();
        bot.answers.set("view_submission", { response_action: "errors", errors: { why: "Say a little more." } });
        await dialog.getByRole("button", { name: "Save" }).click();
        await bot.next("view_submission");
        await dialog.locator("[data-block=why] .field-error", { hasText: "Say a little more." }).waitFor();
        await shot(dana, "page-form-errors");
        bot.answers.delete("view_submission");
        await dialog.getByLabel("Why", { exact: true }).fill("Acme's IT forbids passwords");
        await dialog.getByLabel("How sure").selectOption("A guess");
        await dialog.getByLabel("Whom to talk to").selectOption({ label: "Mia Tamm · Engineering" });
        await dialog.getByLabel("Channel").selectOption("#general");
        await dialog.getByLabel("By when").fill("2027-06-01");
        await dialog.getByLabel("Tell the team").check();
        await dialog.getByRole("button", { name: "Save" }).click();
        const { view } = await bot.next("view_submission");
        const { values } = view.state;
        same(values.why.a.value, "Acme's IT forbids passwords", "text");
        same(values.metric.a.value, null, "text left out");
        same(values.proof.a.selected_option.value, "measured", "radio button");
        same(values.sure.a.selected_option.value, "low", "select");
        same(values.who.a.selected_user, "U0MIA", "person");
        same(values.where.a.selected_conversation, "C0GENERAL", "channel");
        same(values.day.a.selected_date, "2027-06-01", "date");
        same(values.also.a.selected_options.map((one) => one.value), ["team"], "checkboxes");
        await dialog.waitFor({ state: "hidden" });
    });

    await test("a form can be left with Esc, and shortcuts reach the bot", async (open) => {
        const dana = await open(url);
        await dana.getByRole("button", { name: "Shortcuts" }).click();
        await dana.getByRole("menuitem", { name: "New ask" }).click();
        const shortcut = await bot.next("shortcut");
        await bot.call("views.open", { trigger_id: shortcut.trigger_id, view: form });
        const dialog = dana.getByRole("dialog", { name: "Add the why" });
        await dialog.waitFor();
        await dana.keyboard.press("Escape");
        await dialog.waitFor({ state: "hidden" });
        await go(dana, "general");
        const message = dana.locator("#messages .message", { hasText: "Good morning" });
        await message.hover();
        await message.getByRole("button", { name: "More actions" }).click();
        await dana.getByRole("menuitem", { name: "Raise as an ask" }).click();
        const raised = await bot.next("message_action");
        holds(raised.message.text.includes("Good morning"), "another message was raised");
    });

    await test("hostile words stay words, and none breaks the layout", async (open) => {
        for (const text of HOSTILE) await bot.say(ASKS, text);
        await bot.say(ASKS, "an unwelcome card", { blocks: [
            { type: "header", text: plain("W".repeat(150)) },
            { type: "section", text: { type: "mrkdwn", text: "<javascript:window.broken=1|no link> <https://example.org/|a link> <!here> &amp;lt;" }, accessory: { type: "button", action_id: "b", text: plain("B".repeat(75)) } }] });
        for (const look of [{}, { phone: true }, { dark: true }]) {
            const page = await open(url, look);
            const last = page.locator("#messages .message", { hasText: "no link" });
            await last.waitFor();
            holds(await page.locator("#messages .message", { hasText: "<script>window.broken = 1</script>" }).count() === 1, "the script is not shown as text");
            same(await page.evaluate(() => window.broken ?? null), null, "what ran");
            same(await page.locator("#messages a[href^='javascript'], #messages a[href^='data'], #messages script, #messages img").count(), 0, "dangerous nodes");
            same(await last.locator("a").getAttribute("href"), "https://example.org/", "the link that is one");
            holds((await last.textContent()).includes("&lt;"), "an escaped entity was unescaped twice");
            holds(await narrow_enough(page), "the page scrolls sideways");
            await page.locator("#messages .jumbo").first().waitFor();
            const folded = page.locator("#messages .message", { hasText: "lorem ipsum" });
            await folded.getByRole("button", { name: "Show more" }).click();
            await folded.getByRole("button", { name: "Show less" }).waitFor();
            await shot(page, `page-hostile-${look.phone ? "phone" : look.dark ? "dark" : "light"}`);
        }
    });

    await test("askwhy's home page is shown and its buttons work", async (open) => {
        const dana = await open(url);
        await dana.getByRole("button", { name: "App home" }).click();
        await bot.next("app_home_opened");
        await bot.call("views.publish", { user_id: "U0DANA", view: { type: "home", blocks: [
            { type: "header", text: plain("Your asks") },
            { type: "section", text: { type: "mrkdwn", text: "*#1* Add SSO for Acme" }, accessory: { type: "button", action_id: "show", value: "1", text: plain("Show") } }] } });
        await dana.locator("#home").getByText("Your asks").waitFor();
        await shot(dana, "page-home");
        await dana.locator("#home").getByRole("button", { name: "Show" }).click();
        const press = await bot.next("block_actions");
        same([press.actions[0].action_id, press.view.type], ["show", "home"], "the press");
    });

    await test("the clock moves to Monday 9:00 of the person's own zone", async (open) => {
        const page = await open(url);
        await page.getByRole("button", { name: "+1 hour" }).click();
        await page.locator("#clock").getByRole("button", { name: "Next Monday 9:00" }).click();
        await page.locator("#clock-time time", { hasText: /^Mon .*, 09:00$/ }).waitFor();
        same(await page.locator("#clock-zone").textContent(), "Tallinn", "the zone");
        await become(page, "jun");
        await page.locator("#clock-time time", { hasText: /^Mon .*, 1[56]:00$/ }).waitFor();
    });

    await test("askwhy's absence is said, and a command nobody answers is told of", async (open) => {
        const page = await open(url);
        bot.close();
        await page.locator("#banner").getByText("askwhy is disconnected").waitFor();
        await write(page, "/ask something");
        await page.locator("#messages .warning").last().waitFor();
        await shot(page, "page-away");
        await bot.connect();
        await page.locator("#banner").waitFor({ state: "hidden" });
    });

    await test("a direct link leads to its message, in a channel or in a thread", async (open) => {
        const { ts } = await bot.say(ASKS, "the head of a talk");
        const reply = await bot.say(ASKS, "deep in the thread", { thread_ts: ts });
        const page = await open(`${url}/#${ASKS}/${reply.ts}`);
        await page.locator("#replies .message.pointed", { hasText: "deep in the thread" }).waitFor();
        const { permalink } = await bot.call("chat.getPermalink", { channel: ASKS, message_ts: reply.ts });
        await bot.say("C0GENERAL", `Said <${permalink}|here>`);
        await go(page, "general");
        await page.locator("#messages").getByRole("link", { name: "here" }).click();
        await page.locator("#replies .message", { hasText: "deep in the thread" }).waitFor();
    });

    await test("on a phone channels are a drawer and a thread fills the screen", async (open) => {
        const page = await open(url, { phone: true });
        await page.getByRole("button", { name: "Channels and people" }).click();
        await page.locator("#side .channel[data-name=general]").click();
        await page.locator("#channel-title").getByText("general").waitFor();
        await page.locator("#side").waitFor({ state: "hidden" });
        await page.getByRole("button", { name: "Channels and people" }).click();
        await shot(page, "page-phone-drawer");
        await page.locator("#side .channel[data-name=product-asks]").click();
        await page.locator("#messages .replies").first().click();
        const box = await page.locator("#thread").boundingBox();
        same([box.x, box.y, box.width], [0, 0, 390], "where the thread stands");
        holds(await narrow_enough(page), "the page scrolls sideways");
        await shot(page, "page-phone-thread");
        await page.getByRole("button", { name: "Close thread" }).click();
        await page.locator("#thread").waitFor({ state: "hidden" });
        await shot(page, "page-phone");
    });

    for (const dark of [false, true]) {
        await test(`every text stands out enough, ${dark ? "dark" : "light"}`, async (open) => {
            const page = await open(url, { dark });
            await page.locator("#messages .replies").first().click();
            await page.locator("#replies .message").first().waitFor();
            same(await page.evaluate(contrast_faults), [], "texts below 4.5 to 1");
            await go(page, "general");
            same(await page.evaluate(contrast_faults), [], "texts below 4.5 to 1");
            await shot(page, `page-${dark ? "dark" : "light"}`);
        });
    }

    await test("a lost sandbox is said, what is typed stays, and all comes back with it", async (open) => {
        const page = await open(url);
        await go(page, "general");
        await page.locator("#message").fill("half a thought");
        bot.close();
        await program.stop();
        await page.locator("#banner").getByText("not reachable").waitFor();
        await page.locator("#message").press("Enter");
        same(await page.locator("#message").inputValue(), "half a thought", "what was typed");
        const again = await start(sandbox, ["--port", new URL(url).port, "--quiet"]);
        await page.locator("#banner").getByText("not reachable").waitFor({ state: "detached" });
        await page.locator("#message").press("Enter");
        await page.locator("#messages .message", { hasText: "half a thought" }).waitFor();
        await again.stop();
    });
    await program.stop();
}
