// The story the README tells, with the real bot: an ask, its why, its impact, a clear card, and Monday's digest.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { become, go, holds, same, shot, start, test, write } from "./harness.mjs";

const card = (page, title) => page.locator("#messages .message.from-bot:not(.ephemeral)", { hasText: title, has: page.getByRole("button", { name: "I need this too" }) });
const answer = (page, text) => write(page, text, "#reply");
const asked = (page, words) => page.locator("#replies .message.from-bot", { hasText: words }).last().waitFor();
const done = (page, step) => page.locator(`#guide [data-step=${step}][data-done=true]`).waitFor({ state: "attached" });

export async function story_tests({ askwhy }) {
    const home = mkdtempSync(join(tmpdir(), "askwhy-story-"));
    const { url, stop } = await start(askwhy, ["demo", "--no-browser", "--port", "0"], {
        HOME: home, TMPDIR: home, SLACK_APP_TOKEN: undefined, SLACK_BOT_TOKEN: undefined, SLACK_API_URL: undefined, ASKWHY_DATABASE: undefined,
    });

    await test("Dana asks, answers the why and the impact, the card becomes clear, and Monday brings the digest", async (open) => {
        const dana = await open(url);
        await dana.locator("#banner").waitFor({ state: "hidden" });
        await write(dana, "/ask Add SSO for Acme by June");
        await dana.locator("#messages .ephemeral", { hasText: "Raised as #1" }).getByText("Only visible to you").waitFor();
        const sso = card(dana, "Add SSO for Acme by June");
        await sso.getByRole("button", { name: "Add the why" }).waitFor();
        await done(dana, "ask");
        await shot(dana, "story-1-raised");
        await dana.locator("#messages .ephemeral").getByRole("button", { name: "sales", exact: true }).click();
        await dana.locator("#messages .ephemeral", { hasText: "noted: sales" }).waitFor();

        await sso.locator(".replies.calls").click();
        await asked(dana, "What does it make possible");
        await answer(dana, "Acme's IT forbids passwords, so their 400 people cannot sign in at all");
        await done(dana, "answer");
        await asked(dana, "Which number should move");
        await dana.locator("#replies .message", { hasText: "forbids passwords" }).locator(".reaction").waitFor();
        await shot(dana, "story-2-why");
        await answer(dana, "Enterprise deals won: 3 more by the end of June");
        await asked(dana, "What tells us so");
        await answer(dana, "One customer: Acme, their head of IT is happy to talk");
        await asked(dana, "What happens on that date");
        await answer(dana, "Their contract with the present supplier ends");
        await sso.getByText(/\bclear\b/i).waitFor();
        await sso.getByText("forbids passwords").waitFor();
        await done(dana, "clear");
        await shot(dana, "story-3-clear");

        await dana.locator("#clock").getByRole("button", { name: "Next Monday 9:00" }).click();
        const digest = dana.locator("#messages .message.from-bot", { has: dana.getByRole("button", { name: "Seen" }) });
        await digest.last().waitFor();
        holds((await digest.last().textContent()).includes("Add SSO for Acme"), "the digest does not name the new ask");
        await done(dana, "digest");
        await dana.locator("#guide").getByText("That was askwhy").waitFor();
        await shot(dana, "story-4-digest");
    });

    await test("Sam reads the why, adds a voice, decides, and opens a form", async (open) => {
        const sam = await open(url);
        await become(sam, "sam");
        await card(sam, "Add SSO for Acme by June").waitFor();
        same(await sam.getByText("Raised as #1").count(), 0, "Dana's private answer, seen by Sam");
        await write(sam, "/why 1");
        await sam.locator("#messages .ephemeral", { hasText: "forbids passwords" }).waitFor();
        await card(sam, "Add SSO for Acme by June").getByRole("button", { name: "I need this too" }).click();
        const voice = sam.getByRole("dialog", { name: "I need #1 too" });
        await voice.getByRole("textbox").fill("Two more customers wait for it");
        await voice.getByRole("button", { name: "Send" }).click();
        await voice.waitFor({ state: "hidden" });
        await card(sam, "One more person needs this too").waitFor();
        await write(sam, "/ask decide 1 yes because Acme is our biggest lead");
        await card(sam, "Acme is our biggest lead").getByText("accepted").waitFor();
        await sam.locator("#messages .ephemeral", { hasText: "#1 is accepted" }).waitFor();
        holds(await sam.locator("#messages").evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight < 2), "what follows one's command is out of sight");
        await shot(sam, "story-5-decided");
        await write(sam, "/ask");
        const form = sam.getByRole("dialog");
        await form.waitFor();
        await shot(sam, "story-6-form");
        await sam.keyboard.press("Escape");
        await form.waitFor({ state: "hidden" });
    });

    await test("on a phone, dark, the thread and the home page are there too", async (open) => {
        const page = await open(url, { phone: true, dark: true });
        await card(page, "Add SSO for Acme by June").locator(".replies").click();
        await page.locator("#replies").getByText("forbids passwords").first().waitFor();
        await shot(page, "story-7-phone-thread");
        await page.getByRole("button", { name: "Close thread" }).click();
        await page.getByRole("button", { name: "Channels and people" }).click();
        await page.getByRole("button", { name: "App home" }).click();
        await page.locator("#home .blocks").waitFor();
        await shot(page, "story-8-phone-home");
        await page.getByRole("button", { name: "Channels and people" }).click();
        await go(page, "general");
    });

    await stop();
    rmSync(home, { recursive: true, force: true });
}
