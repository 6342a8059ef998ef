// Mattermost's own client against the sandbox, as it is like 5.37 and like 11: what it can do here, it can do there.
//
// To see whether a story itself is right, a real server can be named: ASKWHY_MATTERMOST is then the path of a JSON file
// {"like":"5.37","url","team","channel","bot":{"name","token"},"admin":…,"dana":…,"sam":…} with three people and a bot
// who are in that team and channel; the server must be allowed to call this machine.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { count, misbehave, test } from "./harness.js";
import { replay } from "./mattermost_recorded.js";
import { open_world, word } from "./mattermost_world.js";

// The client tells the console of every connection; only what is said here is wanted.
const print = console.log;
console.log = (line) => /^(not )?ok |^\d+ passed, \d+ failed$|^recorded: /.test(line) && print(line);

const real = process.env.ASKWHY_MATTERMOST ? JSON.parse(readFileSync(process.env.ASKWHY_MATTERMOST)) : undefined;
const is_id = (text) => assert.match(text, /^[a-z0-9]{26}$/);

async function refuses(status, id, call) {
    await assert.rejects(call, (error) => {
        assert.deepEqual([error.status_code, error.server_error_id], [status, id], error.message);
        return true;
    });
}

async function stories(like) {
    const story = (name, tell, only = () => true) => test(`${like}: ${name}`, async () => {
        const world = await open_world(like, real);
        let ended;
        try {
            if (only(world)) await tell(world);
        } finally {
            ended = await world.end();
        }
        if (ended) assert.equal(ended.status, 0, ended.said);
    });

    await story("a token says who it is; without a good one nothing is told", async ({ bot, dana, url, given, old }) => {
        const me = await bot.client.getMe();
        is_id(me.id);
        assert.deepEqual([me.username, me.is_bot, me.delete_at], [given.bot.name, true, 0]);
        assert.match(bot.client.serverVersion, old ? /^5\.37\./ : /^11\./);
        assert.equal((await bot.client.ping()).status, "OK");
        const config = await bot.client.getClientConfig();
        assert.equal(config.MaxPostSize, "16383");
        assert.match(config.Version, old ? /^5\.37\./ : /^11\./);
        bot.client.setToken("nobodynobodynobodynobody12");
        await refuses(401, "api.context.session_expired.app_error", () => bot.client.getMe());
        const login = await fetch(`${url}/api/v4/users/me`, { headers: { Authorization: `bearer ${dana.token}` } });
        assert.equal((await login.json()).username, given.dana.name, "the scheme's name is in any case");
    });

    await story("people and teams are found by id and by name, and what is unknown is left out", async (world) => {
        const { client } = world.bot;
        const dana = await client.getUserByUsername(world.given.dana.name);
        assert.equal(dana.is_bot, undefined);
        assert.ok(["true", "false"].includes(dana.timezone.useAutomaticTimezone), "a string");
        assert.deepEqual(await client.getUser(dana.id), dana);
        const nobody = "nobodynobodynobodynobody12";
        assert.deepEqual((await client.getProfilesByIds([dana.id, nobody])).map((user) => user.id), [dana.id]);
        assert.deepEqual((await client.getProfilesByUsernames([dana.username, "nobody"])).map((user) => user.id), [dana.id]);
        await refuses(404, "app.user.missing_account.const", () => client.getUser(nobody));
        assert.ok((await client.getMyTeams()).some((team) => team.id === world.team.id));
        assert.equal((await client.getTeamMember(world.team.id, dana.id)).user_id, dana.id);
        await refuses(404, "app.team.get_by_name.missing.app_error", () => client.getTeamByName("no-such-team"));
    });

    await story("channels are found; a foreign private one is not shown", async (world) => {
        const { client } = world.bot;
        is_id(world.channel.id);
        assert.equal(world.channel.type, "O");
        assert.equal((await client.getChannel(world.channel.id)).name, world.given.channel);
        assert.equal((await client.getChannelByNameAndTeamName(world.given.team, world.given.channel)).id, world.channel.id);
        const mine = await client.getMyChannels(world.team.id);
        assert.ok(mine.some((channel) => channel.id === world.channel.id));
        assert.ok(mine.some((channel) => channel.type === "D"), "direct ones too");
        if (world.old) await refuses(undefined, undefined, () => client.getAllTeamsChannels()); /* no JSON, says the header */
        else assert.deepEqual((await client.getAllTeamsChannels()).map((channel) => channel.id), mine.map((channel) => channel.id));
        const dana = await world.dana.client.getMe();
        const direct = await client.createDirectChannel([world.bot.id, dana.id]);
        assert.deepEqual([direct.type, direct.team_id, direct.name], ["D", "", [world.bot.id, dana.id].sort().join("__")]);
        assert.equal((await client.createDirectChannel([dana.id, world.bot.id])).id, direct.id);
        const members = await client.getChannelMembers(world.channel.id);
        assert.ok(members.some((member) => member.user_id === dana.id));
        assert.equal((await client.getMyChannelMember(world.channel.id)).user_id, world.bot.id);
        await refuses(404, "app.channel.get.existing.app_error", () => client.getChannel("nobodynobodynobodynobody12"));
        await refuses(403, "api.context.permissions.app_error", () => client.getMyChannelMember("nobodynobodynobodynobody12"));
        await refuses(404, "app.channel.get_by_name.missing.app_error",
            () => client.getChannelByName(world.team.id, "no-such-channel"));
    });

    await story("a post, a reply, a patch, a deletion: in the answers, in the thread, and since a moment", async (world) => {
        const { client } = world.bot;
        const begin = (await client.createPost({ channel_id: world.channel.id, message: "before" })).update_at;
        const props = { askwhy_op: "00ff", attachments: [{ text: "waiting", actions: [
            { id: "why", type: "button", name: "Add the why", integration: { url: `${world.ears.url}/action`, context: { op: "1" } } },
        ] }] };
        const pending_post_id = `${world.bot.id}:${word()}`;
        const card = await client.createPost({ channel_id: world.channel.id, message: "#1 SSO", props, pending_post_id });
        is_id(card.id);
        assert.deepEqual([card.user_id, card.root_id, card.message, card.type], [world.bot.id, "", "#1 SSO", ""]);
        assert.equal(card.pending_post_id, pending_post_id);
        assert.equal(card.props.askwhy_op, "00ff");
        assert.equal(card.props.from_bot, "true");
        assert.equal(card.props.attachments[0].actions[0].integration, undefined, "nobody is told where a button leads");
        const again = await client.createPost({ channel_id: world.channel.id, message: "other", pending_post_id });
        assert.deepEqual([again.id, again.message], [card.id, "#1 SSO"]);

        const reply = await world.dana.client.createPost({ channel_id: world.channel.id, root_id: card.id, message: "because" });
        assert.equal(reply.root_id, card.id);
        await refuses(400, "api.post.create_post.root_id.app_error",
            () => client.createPost({ channel_id: world.channel.id, root_id: reply.id, message: "deeper" }));
        const thread = await client.getPostThread(card.id);
        assert.deepEqual([...new Set(thread.order)].sort(), [card.id, reply.id].sort());
        assert.equal(thread.posts[reply.id].message, "because");

        const patched = await client.patchPost({ id: card.id, message: "#1 SSO (clear)" });
        assert.equal(patched.message, "#1 SSO (clear)");
        assert.ok(patched.edit_at >= card.create_at);
        assert.equal(patched.props.askwhy_op, "00ff");
        assert.equal((await client.getPost(card.id)).message, "#1 SSO (clear)");
        await refuses(403, "api.context.permissions.app_error", () => client.patchPost({ id: reply.id, message: "no" }));

        await world.dana.client.deletePost(reply.id);
        await refuses(404, "app.post.get.app_error", () => client.getPost(reply.id));
        const since = await client.getPostsSince(world.channel.id, begin);
        assert.ok(since.posts[reply.id].delete_at > 0, "deleted ones are listed");
        assert.equal(since.posts[reply.id].message, "");
        assert.equal(since.posts[card.id].message, "#1 SSO (clear)");
        if (world.old) assert.ok(Object.values(since.posts).some((post) => post.original_id === card.id && post.delete_at > 0));
        const page = await client.getPosts(world.channel.id, 0, 2);
        assert.equal(page.order[0], card.id);
        assert.equal(page.order.includes(reply.id), false);
        const older = await client.getPostsBefore(world.channel.id, card.id, 0, 1);
        assert.equal(older.posts[older.order[0]].message, "before");
        const newer = await client.getPostsAfter(world.channel.id, older.order[0], 0, 10);
        assert.deepEqual(newer.order, [card.id]);
        if (!world.old) assert.deepEqual((await client.getPostsByIds([card.id])).map((post) => post.id), [card.id]);
    });

    await story("what may not be posted is refused with the server's own words", async (world) => {
        const { client } = world.bot;
        const post = (more) => client.createPost({ channel_id: world.channel.id, message: "x", ...more });
        assert.equal([...(await post({ message: "왜".repeat(16383) })).message].length, 16383);
        await refuses(400, "model.post.is_valid.msg.app_error", () => post({ message: "왜".repeat(16384) }));
        await refuses(403, "api.context.permissions.app_error", () => post({ channel_id: "nobodynobodynobodynobody12" }));
        await refuses(400, "api.post.create_post.root_id.app_error", () => post({ root_id: "nobodynobodynobodynobody12" }));
        await refuses(400, "model.post.is_valid.props.app_error", () => post({ props: { long: "x".repeat(world.old ? 8000 : 800000) } }));
        await refuses(403, "api.context.permissions.app_error",
            () => client.createPostEphemeral(world.bot.id, { channel_id: world.channel.id, message: "alone" }));
    });

    await story("reactions come and go, in answers and events", async (world) => {
        const ears = world.listens();
        await ears.hears("hello");
        const { client } = world.bot;
        const post = await client.createPost({ channel_id: world.channel.id, message: `reacted to ${word()}` });
        const reaction = await client.addReaction(world.bot.id, post.id, "white_check_mark");
        assert.deepEqual([reaction.user_id, reaction.post_id, reaction.emoji_name], [world.bot.id, post.id, "white_check_mark"]);
        await client.addReaction(world.bot.id, post.id, "white_check_mark");
        const added = JSON.parse((await ears.hears("reaction_added")).data.reaction);
        assert.equal(added.post_id, post.id);
        assert.deepEqual((await client.getReactionsForPost(post.id)).map((one) => one.emoji_name), ["white_check_mark"]);
        assert.equal((await client.getPost(post.id)).metadata.reactions.length, 1);
        await client.removeReaction(world.bot.id, post.id, "white_check_mark");
        const removed = JSON.parse((await ears.hears("reaction_removed")).data.reaction);
        assert.deepEqual([removed.emoji_name, removed.create_at], ["white_check_mark", 0]);
        await refuses(403, "api.reaction.save_reaction.user_id.app_error", async () => {
            const { id } = await world.dana.client.getMe();
            await client.addReaction(id, post.id, "eyes");
        });
    });

    await story("the socket greets, numbers what it tells, answers pings; a mention names who is meant", async (world) => {
        const ears = world.listens();
        const hello = await ears.hears("hello");
        is_id(hello.data.connection_id);
        assert.equal(hello.seq, 0);
        assert.equal(hello.broadcast.user_id, world.bot.id);
        assert.match(hello.data.server_version, world.old ? /^5\.37\.0\./ : /^11\./);
        const text = `@${world.given.bot.name} are you there ${word()}`;
        const root = await world.dana.client.createPost({ channel_id: world.channel.id, message: text });
        const heard = await ears.posted(text);
        assert.deepEqual(JSON.parse(heard.data.mentions), [world.bot.id]);
        assert.deepEqual([heard.data.channel_type, heard.data.channel_name, heard.data.sender_name, heard.data.team_id],
            ["O", world.given.channel, `@${world.given.dana.name}`, world.team.id]);
        assert.equal(heard.broadcast.channel_id, world.channel.id);
        await world.dana.client.patchPost({ id: root.id, message: `${text}!` });
        assert.equal(JSON.parse((await ears.hears("post_edited")).data.post).message, `${text}!`);
        await world.dana.client.deletePost(root.id);
        assert.equal(JSON.parse((await ears.hears("post_deleted")).data.post).id, root.id);
        const pong = await ears.pings();
        assert.deepEqual([pong.status, pong.data.text], ["OK", "pong"]);
        assert.ok(Math.abs(pong.data.server_time - Date.now()) < 3600000);
        assert.equal((await ears.asks("no_such_action")).status, "FAIL");
        assert.equal((await ears.pings()).data.text, "pong", "it goes on");
        assert.deepEqual(ears.frames.map((frame) => frame.seq), ears.frames.map((_, at) => at));
        assert.equal(ears.closes, 0);
    });

    await story("a token given by a challenge is as good as one in the header; a bad one ends the socket", async (world) => {
        const ears = world.listens(world.bot, "challenge");
        assert.equal((await ears.hears("hello")).seq, 0);
        const text = `heard ${word()}`;
        await world.dana.client.createPost({ channel_id: world.channel.id, message: text });
        await ears.posted(text);
        const stranger = world.listens({ token: "nobodynobodynobodynobody12" }, "challenge");
        await new Promise((resolve) => stranger.socket.addCloseListener(resolve));
        assert.deepEqual(stranger.frames, []);
    });

    await story("after a dropped connection it goes on where it was, nothing lost, nothing twice", async (world) => {
        const ears = world.listens();
        await ears.hears("hello");
        const { connectionId } = ears.socket;
        const texts = [];
        for (let round = 0; round < 3; round++) {
            const back = new Promise((resolve) => ears.socket.addReconnectListener(resolve));
            ears.cut();
            for (let i = 0; i < 3; i++) {
                texts.push(`away ${round}.${i} ${word()}`);
                await world.dana.client.createPost({ channel_id: world.channel.id, message: texts.at(-1) });
            }
            await back;
            for (const text of texts.slice(-3)) await ears.posted(text);
        }
        assert.equal(ears.socket.connectionId, connectionId);
        assert.equal(ears.missed, 0);
        const heard = ears.frames.filter((frame) => frame.event === "posted").map((frame) => JSON.parse(frame.data.post).message);
        assert.deepEqual(heard.filter((text) => texts.includes(text)), texts);
        assert.deepEqual(ears.frames.map((frame) => frame.seq), ears.frames.map((_, at) => at));
        assert.equal(ears.frames.filter((frame) => frame.event === "hello").length, 1);
    });

    await story("what was written but not read is written again from the number that was wanted", async (world) => {
        const ears = world.listens();
        await ears.hears("hello");
        await ears.hears("status_change");
        const text = `again ${word()}`;
        await world.dana.client.createPost({ channel_id: world.channel.id, message: text });
        const first = await ears.posted(text);
        ears.socket.serverSequence = first.seq;
        ears.cut();
        assert.deepEqual(await ears.posted(text), first);
        assert.equal(ears.missed, 0);
    });

    await story("a connection the server has forgotten begins anew, and the client knows that it missed something", async (world) => {
        const ears = world.listens();
        const { connection_id } = (await ears.hears("hello")).data;
        await ears.hears("status_change");
        ears.socket.connectionId = "nobodynobodynobodynobody12";
        ears.cut();
        const hello = await ears.hears("hello", "a second hello");
        assert.notEqual(hello.data.connection_id, connection_id);
        assert.equal(hello.seq, 0);
        assert.equal(ears.missed, 1);
        const text = `anew ${word()}`;
        await world.dana.client.createPost({ channel_id: world.channel.id, message: text });
        await ears.posted(text);
    });

    await story("who says only in a challenge who they are cannot go on where they were", async (world) => {
        const ears = world.listens(world.bot, "challenge");
        const { connection_id } = (await ears.hears("hello")).data;
        await ears.hears("status_change");
        ears.cut();
        const hello = await ears.hears("hello", "a second hello");
        assert.notEqual(hello.data.connection_id, connection_id);
        assert.deepEqual([hello.seq, ears.missed], [0, 1]);
    });

    await story("a number beyond what was written, a restart, a resume refused: a new connection each time", async (world) => {
        const ears = world.listens();
        await ears.hears("hello");
        await ears.hears("status_change");
        const begins_anew = async (how) => {
            const { missed } = ears;
            await how();
            await ears.hears("hello", "another hello");
            assert.equal(ears.missed, missed + 1);
            const text = `anew ${word()}`;
            await world.dana.client.createPost({ channel_id: world.channel.id, message: text });
            await ears.posted(text);
            ears.heard.length = 0;
        };
        await begins_anew(() => {
            ears.socket.serverSequence += 50;
            ears.cut();
        });
        await begins_anew(() => misbehave(world.sandbox, { how: "restart" }));
        await begins_anew(async () => {
            await misbehave(world.sandbox, { how: "refuse_resume" });
            ears.cut();
        });
    }, (world) => !world.real); /* a real 5.37 can lose its hub over the first */

    await story("commands are an administrator's: made, changed, listed, given a new token, deleted", async (world) => {
        const { client } = world.admin;
        const trigger = `ask${word()}`;
        const wanted = {
            team_id: world.team.id, trigger: trigger.toUpperCase(), method: "P", url: `${world.ears.url}/command`,
            display_name: "Ask", description: "", auto_complete: true, auto_complete_desc: "x", auto_complete_hint: "[text]",
        };
        await refuses(403, "api.context.permissions.app_error", () => world.bot.client.addCommand(wanted));
        await refuses(403, "api.context.permissions.app_error", () => world.bot.client.getCustomTeamCommands(world.team.id));
        const command = await client.addCommand(wanted);
        is_id(command.id);
        is_id(command.token);
        assert.deepEqual([command.trigger, command.method, command.url], [trigger, "P", wanted.url]);
        await refuses(400, "api.command.duplicate_trigger.app_error", () => client.addCommand(wanted));
        await refuses(400, "model.command.is_valid.trigger.app_error", () => client.addCommand({ ...wanted, trigger: "/x" }));
        const edited = await client.editCommand({ ...command, auto_complete_hint: "[more]" });
        assert.deepEqual([edited.auto_complete_hint, edited.token], ["[more]", command.token]);
        const listed = (await client.getCustomTeamCommands(world.team.id)).find((one) => one.id === command.id);
        assert.equal(listed.auto_complete_hint, "[more]");
        const { token } = await client.regenCommandToken(command.id);
        assert.notEqual(token, command.token);
        await client.deleteCommand(command.id);
        assert.equal((await client.getCustomTeamCommands(world.team.id)).some((one) => one.id === command.id), false);
    });

    await story("a command opens a form, its errors come back, a button reaches the bot with its context", async (world) => {
        await world.dana.enter();
        const trigger = `ask${word()}`;
        const command = await world.admin.client.addCommand({
            team_id: world.team.id, trigger, method: "P", url: `${world.ears.url}/typed`, auto_complete: false,
        });
        const opens = (body) => world.bot.client.doFetch(`${world.bot.client.getBaseRoute()}/actions/dialogs/open`, {
            method: "post", body: JSON.stringify(body),
        });
        const dialog = {
            callback_id: "why", title: "Why", introduction_text: "", submit_label: "Save", notify_on_cancel: true, state: "op=1",
            elements: [{ display_name: "Why", name: "why", type: "textarea", max_length: 3000 }],
        };
        world.ears.answer = async (call) => {
            if (call.path === "/typed") {
                const done = await opens({ trigger_id: call.form().trigger_id, url: `${world.ears.url}/dialog`, dialog });
                assert.deepEqual(done, { status: "OK" });
                return { response_type: "ephemeral", text: `Raised: ${call.form().text}` };
            }
            if (call.path === "/dialog") return { errors: { why: "Say more" } };
            return { ephemeral_text: `Pressed by ${call.json().user_name}` };
        };
        await world.dana.types(`/${trigger} SSO & "more" for @${world.given.sam.name}`);
        const typed = await world.ears.called("/typed");
        assert.equal(typed.headers.authorization, `Token ${command.token}`);
        assert.deepEqual([typed.form().command, typed.form().text, typed.form().user_name, typed.form().user_mentions],
            [`/${trigger}`, `SSO & "more" for @${world.given.sam.name}`, world.given.dana.name, world.given.sam.name]);
        assert.equal("root_id" in typed.form(), !world.old);
        await world.dana.alone_sees("Raised: SSO");
        const form = await world.dana.gets_form();
        await world.dana.submits(form, { why: [{ type: "plain_text_input", value: "x" }, "x"] });
        const submitted = (await world.ears.called("/dialog")).json();
        assert.deepEqual([submitted.type, submitted.callback_id, submitted.state, submitted.submission, submitted.cancelled],
            ["dialog_submission", "why", "op=1", { why: "x" }, false]);
        assert.equal(await world.dana.sees_error("why"), "Say more");

        const card = await world.bot.client.createPost({
            channel_id: world.channel.id, message: `card ${word()}`, props: { attachments: [{ text: "waiting", actions: [
                { id: "why", type: "button", name: "Add the why", integration: { url: `${world.ears.url}/action`, context: { op: "k1" } } },
            ] }] },
        });
        await world.dana.presses(card, "why");
        const pressed = (await world.ears.called("/action")).json();
        assert.deepEqual([pressed.post_id, pressed.type, pressed.context, pressed.team_domain, pressed.user_id],
            [card.id, "button", { op: "k1" }, world.given.team, world.dana.id]);
        await world.dana.alone_sees("Pressed by");
        await refuses(400, "interactive_message.decode_trigger_id.missing_data",
            () => opens({ trigger_id: "bm9ib2R5", url: `${world.ears.url}/dialog`, dialog }));
        await world.admin.client.deleteCommand(command.id);
    });

    await story("the bot joins a public channel, is sent away, and hears of both", async (world) => {
        const ears = world.listens();
        await ears.hears("hello");
        const { id } = await world.dana.client.getMe();
        await world.dana.client.removeFromChannel(world.bot.id, world.channel.id);
        const removed = await ears.hears((frame) => frame.event === "user_removed" && frame.data.channel_id === world.channel.id,
            "its removal");
        assert.deepEqual([removed.broadcast.user_id, removed.data.remover_id], [world.bot.id, id]);
        await refuses(403, "api.context.permissions.app_error",
            () => world.bot.client.createPost({ channel_id: world.channel.id, message: "still here?" }));
        const member = await world.bot.client.addToChannel(world.bot.id, world.channel.id);
        assert.deepEqual([member.user_id, member.channel_id], [world.bot.id, world.channel.id]);
        const added = await ears.hears((frame) => frame.event === "user_added" && frame.data.user_id === world.bot.id, "its return");
        assert.equal(added.broadcast.channel_id, world.channel.id);
        const says = (type) => (frame) => frame.event === "posted" && JSON.parse(frame.data.post).type === type;
        const joined = await ears.hears(says("system_join_channel"), "that it joined");
        assert.equal(joined.data.mentions, undefined);
        assert.deepEqual(JSON.parse(joined.data.post).props, { from_bot: "true", username: world.given.bot.name });
        await world.dana.client.removeFromChannel(world.bot.id, world.channel.id);
        await world.dana.client.addToChannel(world.bot.id, world.channel.id);
        const invited = await ears.hears((frame) => says("system_add_to_channel")(frame) &&
            JSON.parse(frame.data.post).props.userId === id, "that dana added it");
        assert.deepEqual(JSON.parse(invited.data.mentions), [world.bot.id]);
        const text = `back ${word()}`;
        await world.dana.client.createPost({ channel_id: world.channel.id, message: text });
        await ears.posted(text);
    });
}

if (real) {
    await stories(real.like);
} else {
    await stories("5.37");
    await stories("11");
    await replay();
}

console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
