// Times in a person's zone. The sandbox counts in milliseconds since 1970; people read wall clocks.

const formats = new Map();

function format(zone, options) {
    const key = zone + JSON.stringify(options);
    if (!formats.has(key)) {
        let made;
        try {
            made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
        } catch {
            made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
        }
        formats.set(key, made);
    }
    return formats.get(key);
}

export function wall(ms, zone) {
    const parts = {};
    const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" };
    for (const { type, value } of format(zone, numeric).formatToParts(ms)) parts[type] = Number(value);
    parts.weekday = new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDay();
    return parts;
}

function offset(ms, zone) {
    const w = wall(ms, zone);
    return Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second) - Math.floor(ms / 1000) * 1000;
}

// The instant at which zone's clocks show this; days beyond the month's end run over into the next.
function instant(year, month, day, hour, zone) {
    const guess = Date.UTC(year, month - 1, day, hour);
    const first = guess - offset(guess, zone);
    return guess - offset(first, zone);
}

export function next_monday_nine(ms, zone) {
    const w = wall(ms, zone);
    const days = (8 - w.weekday) % 7;
    const today = instant(w.year, w.month, w.day + days, 9, zone);
    return today > ms ? today : instant(w.year, w.month, w.day + days + 7, 9, zone);
}

export const ts_ms = (ts) => {
    const [seconds, micros = "0"] = String(ts).split(".");
    return Number(seconds) * 1000 + Math.floor(Number(micros.padEnd(6, "0").slice(0, 6)) / 1000);
};

export const clock_time = (ms, zone) => format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
export const full_time = (ms, zone) => format(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
export const short_day = (ms, zone) => format(zone, { weekday: "short", day: "numeric", month: "short" }).format(ms);
export const day_key = (ms, zone) => { const w = wall(ms, zone); return `${w.year}-${w.month}-${w.day}`; };

export function day_name(ms, now, zone) {
    if (day_key(ms, zone) === day_key(now, zone)) return "Today";
    if (day_key(ms, zone) === day_key(now - 86400000, zone)) return "Yesterday";
    return format(zone, { weekday: "long", day: "numeric", month: "long" }).format(ms);
}

function ago(ms, now) {
    const minutes = Math.round((now - ms) / 60000);
    const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
    if (Math.abs(minutes) < 60) return words.format(-minutes, "minute");
    if (Math.abs(minutes) < 1440) return words.format(-Math.round(minutes / 60), "hour");
    return words.format(-Math.round(minutes / 1440), "day");
}

// The tokens of Slack's <!date^…> format.
export function date_token(name, ms, now, zone) {
    const pretty = day_key(ms, zone) === day_key(now, zone) ? "today"
        : day_key(ms, zone) === day_key(now - 86400000, zone) ? "yesterday"
            : day_key(ms, zone) === day_key(now + 86400000, zone) ? "tomorrow" : null;
    const w = wall(ms, zone);
    const two = (n) => String(n).padStart(2, "0");
    const long = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
    const plain = { day: "numeric", month: "long", year: "numeric" };
    const short = { day: "numeric", month: "short", year: "numeric" };
    switch (name) {
    case "date_num": return `${w.year}-${two(w.month)}-${two(w.day)}`;
    case "date": return format(zone, plain).format(ms);
    case "date_short": return format(zone, short).format(ms);
    case "date_long": return format(zone, long).format(ms);
    case "date_pretty": return pretty ?? format(zone, plain).format(ms);
    case "date_short_pretty": return pretty ?? format(zone, short).format(ms);
    case "date_long_pretty": return pretty ?? format(zone, long).format(ms);
    case "time": return clock_time(ms, zone);
    case "time_secs": return `${clock_time(ms, zone)}:${two(w.second)}`;
    case "ago": return ago(ms, now);
    default: return null;
    }
}
