// The left side: who one is, the channels, the direct channel with askwhy and its home page.

import { avatar, h, icon } from "./dom.js";
import { channel_label, unread, world } from "./state.js";

const title_case = (text) => (text ? text[0].toUpperCase() + text.slice(1) : "");

function person_row(one, act) {
    const mine = one.id === world.me;
    return h("li", {}, h("button", {
        type: "button", class: "row person", "aria-pressed": String(mine), data: { person: one.id, name: one.name },
        title: `${one.real_name || one.name} · ${one.zone ?? ""}`, onclick: () => act.become(one.id),
    }, avatar(one, "small"), h("bdi", { class: "row-name" }, one.real_name || one.name), h("span", { class: "row-note" }, title_case(one.title))));
}

function channel_row(one, act) {
    const here = world.place.channel === one.id && !world.place.home;
    const { unread: fresh, calls } = unread(one.id);
    const label = channel_label(one);
    const kind = one.direct ? "Direct messages: " : one.private ? "Private channel: " : "Channel: ";
    return h("li", {}, h("button", {
        type: "button", class: `row channel ${fresh && !here ? "fresh" : ""}`, "aria-current": here ? "page" : undefined,
        data: { channel: one.id, name: one.direct ? "direct" : one.name, unread: String(fresh) }, onclick: () => act.go(one.id),
    }, one.direct ? avatar({ bot: true }, "small") : icon(one.private ? "lock" : "hash"), h("span", { class: "unseen" }, kind),
    h("bdi", { class: "row-name" }, label), one.direct ? h("span", { class: "badge" }, "APP") : null,
    calls ? h("span", { class: "calls-badge" }, String(calls), h("span", { class: "unseen" }, " for you")) : fresh && !here ? h("span", { class: "dot" }, h("span", { class: "unseen" }, ", unread")) : null));
}

// act: {become(person), go(channel), home()}
export function draw_sidebar(root, act) {
    const me = world.people.find((one) => one.id === world.me);
    const channels = world.channels.filter((one) => !one.direct).sort((a, b) => a.name.localeCompare(b.name));
    const directs = world.channels.filter((one) => one.direct);
    const sign = JSON.stringify([world.title, world.me, world.people, channels.concat(directs).map((one) => [one.id, one.name, unread(one.id)]), world.place.channel, world.place.home]);
    if (root.drawnSign === sign) return;
    root.drawnSign = sign;
    const focus = document.activeElement?.closest?.("#side button")?.dataset;
    const key = focus && (focus.person ? `[data-person="${CSS.escape(focus.person)}"]` : focus.channel ? `[data-channel="${CSS.escape(focus.channel)}"]` : "[data-home]");
    const scroll = root.querySelector(".side-scroll")?.scrollTop ?? 0;
    root.replaceChildren(
        h("div", { class: "workspace" }, h("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, "?"),
            h("div", {}, h("strong", {}, "askwhy sandbox"), h("p", { id: "like" }, `A workspace like ${world.title}’s`))),
        h("div", { class: "side-scroll" },
            h("section", { "aria-labelledby": "who-title" },
                h("h2", { id: "who-title" }, "You are"),
                h("p", { class: "unseen", id: "you-are" }, me ? `You are: ${me.real_name || me.name} — ${title_case(me.title)}` : ""),
                h("ul", { class: "rows people" }, world.people.map((one) => person_row(one, act)))),
            h("section", { "aria-labelledby": "channels-title" },
                h("h2", { id: "channels-title" }, "Channels"),
                h("ul", { class: "rows" }, channels.map((one) => channel_row(one, act)))),
            h("section", { "aria-labelledby": "app-title" },
                h("h2", { id: "app-title" }, "App"),
                h("ul", { class: "rows" }, directs.map((one) => channel_row(one, act)),
                    world.has_home && h("li", {}, h("button", { type: "button", class: "row", data: { home: "" }, "aria-current": world.place.home ? "page" : undefined, onclick: () => act.home() }, icon("home"), h("span", { class: "row-name" }, "App home")))))),
    );
    root.querySelector(".side-scroll").scrollTop = scroll;
    if (key) root.querySelector(key)?.focus();
}
