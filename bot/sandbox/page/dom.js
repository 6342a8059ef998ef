// Small helpers to build the page. Text always enters as text nodes, never as markup.

export function h(tag, props = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(props)) {
        if (value === undefined || value === null || value === false) continue;
        if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
        else if (key === "class") node.className = value;
        else if (key === "data") Object.assign(node.dataset, value);
        else if (key === "value") node.value = value;
        else node.setAttribute(key, value === true ? "" : String(value));
    }
    node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
    return node;
}

const SHAPES = {
    hash: "M6 2 4.6 14M11.4 2 10 14M2.5 5.5h11.5M2 10.5h11.5",
    lock: "M4 7V5a4 4 0 0 1 8 0v2M3 7h10v7H3z",
    home: "M2.5 7.5 8 2.5l5.5 5V14h-4v-4h-3v4h-4z",
    reply: "M2 3h12v8H7l-3 3v-3H2z",
    more: "M3 8h.01M8 8h.01M13 8h.01",
    close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
    menu: "M2 4h12M2 8h12M2 12h12",
    send: "M2.5 2.5 14 8 2.5 13.5 4.5 8zM4.5 8H9",
    bolt: "M9 1.5 3 9h4l-.5 5.5L13 7H8.5z",
    eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
    clock: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 4.5V8l2.5 1.5",
    check: "M3 8.5 6.5 12 13 4.5",
    warn: "M8 2 14.5 13.5h-13zM8 6.5v3M8 11.6h.01",
    guide: "M6 6a2 2 0 1 1 2.8 1.8c-.5.3-.8.7-.8 1.4M8 11.6h.01M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z",
};

export function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", SHAPES[name]);
    svg.append(path);
    return svg;
}

const FOCUSABLE = "button, a[href], input, select, textarea";

// Keeps the children of parent equal to wanted, [{key, sign, make}]; a child whose sign did not change is kept as it is,
// and the focus stays where it was in one that did.
export function keep_children(parent, wanted) {
    const old = new Map();
    for (const child of [...parent.children]) {
        if (child.dataset.key === undefined) child.remove();
        else old.set(child.dataset.key, child);
    }
    let before = parent.firstElementChild;
    for (const { key, sign, make } of wanted) {
        let node = old.get(key);
        old.delete(key);
        if (!node || node.keptSign !== sign) {
            const fresh = make();
            fresh.dataset.key = key;
            fresh.keptSign = sign;
            if (node) {
                if (before === node) before = fresh;
                const at = [...node.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
                node.replaceWith(fresh);
                if (at >= 0) fresh.querySelectorAll(FOCUSABLE)[at]?.focus({ preventScroll: true });
            }
            node = fresh;
        }
        if (node === before) before = before.nextElementSibling;
        else parent.insertBefore(node, before);
    }
    for (const node of old.values()) node.remove();
}

const COLOURS = 8;

// A round-cornered square with a person's initials, or askwhy's sign.
export function avatar(person, size = "") {
    if (person.bot) return h("span", { class: `avatar avatar-bot ${size}`, "aria-hidden": "true" }, "?");
    const words = (person.real_name || person.name || "?").trim().split(/\s+/);
    const letters = words.length > 1 ? [...words[0]][0] + [...words.at(-1)][0] : [...words[0]].slice(0, 2).join("");
    let sum = 0;
    for (const char of person.id || "") sum = (sum * 31 + char.codePointAt(0)) % 9973;
    return h("span", { class: `avatar avatar-${sum % COLOURS} ${size}`, "aria-hidden": "true" }, letters.toUpperCase());
}

// A menu beside its button: arrows move, Esc and a click elsewhere close.
export function open_menu(button, entries) {
    close_menu();
    const menu = h("div", { class: "menu", role: "menu" });
    for (const entry of entries) {
        menu.append(h("button", {
            type: "button", role: "menuitem", class: entry.danger ? "danger-text" : "",
            onclick: () => { close_menu(); entry.run(); },
        }, entry.label, entry.note ? h("small", {}, entry.note) : null));
    }
    menu.addEventListener("keydown", (event) => {
        const all = [...menu.querySelectorAll("button")];
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
            event.preventDefault();
            all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
        } else if (event.key === "Escape" || event.key === "Tab") {
            event.preventDefault();
            event.stopPropagation();
            close_menu();
            button.focus();
        }
    });
    document.body.append(menu);
    const at = button.getBoundingClientRect();
    const box = menu.getBoundingClientRect();
    const below = at.bottom + 4 + box.height < window.innerHeight;
    menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - box.height - 4)}px`;
    menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - box.width - 8))}px`;
    button.setAttribute("aria-expanded", "true");
    menu.opener = button;
    menu.querySelector("button")?.focus();
}

export function close_menu() {
    const menu = document.querySelector(".menu");
    if (!menu) return;
    menu.opener?.setAttribute("aria-expanded", "false");
    menu.remove();
}

document.addEventListener("pointerdown", (event) => {
    const menu = document.querySelector(".menu");
    if (menu && !menu.contains(event.target) && !menu.opener?.contains(event.target)) close_menu();
});

// Asks once more before something that cannot be undone; resolves to true or false.
export function confirm_dialog({ title, text, yes, no, danger }) {
    return new Promise((resolve) => {
        const dialog = h("dialog", { class: "modal modal-small", "aria-label": title },
            h("h2", {}, title),
            h("div", { class: "modal-body" }, text),
            h("div", { class: "modal-foot" },
                h("button", { type: "button", class: "button", onclick: () => dialog.close("no") }, no),
                h("button", { type: "button", class: `button ${danger ? "danger" : "primary"}`, onclick: () => dialog.close("yes") }, yes)));
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(dialog.returnValue === "yes");
        });
        document.body.append(dialog);
        dialog.showModal();
    });
}
