// The chat page in a real browser: first the page with a bot of the tests' own, then the whole story with askwhy.
//
//   node run.mjs [--page] [SCREENSHOTS]
//
// The programs are taken from ASKWHY_BIN_DIR, else ASKWHY_BUILD, else build/release. --page leaves the story out.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { count, start_browser, stop_all } from "./harness.mjs";
import { hostile_tests } from "./hostile.mjs";
import { page_tests } from "./page.mjs";
import { story_tests } from "./story.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const args = process.argv.slice(2);
const page_only = args[0] === "--page";
if (page_only) args.shift();
if (args.length > 1 || args[0]?.startsWith("-")) {
    console.error("usage: node run.mjs [--page] [SCREENSHOTS]");
    process.exit(2);
}
const bin = resolve(process.env.ASKWHY_BIN_DIR ?? process.env.ASKWHY_BUILD ?? join(root, "build/release"));
const shots = resolve(args[0] ?? join(root, "build/tests/browser"));
const programs = { sandbox: join(bin, "askwhy-sandbox"), askwhy: join(bin, "askwhy") };
for (const program of page_only ? [programs.sandbox] : Object.values(programs)) {
    if (!existsSync(program)) {
        console.error(`run.mjs: ${program} is not there: build it first, or set ASKWHY_BIN_DIR`);
        process.exit(2);
    }
}

try {
    await start_browser(shots);
    await page_tests(programs);
    await hostile_tests(programs, page_only);
    if (!page_only) await story_tests(programs);
} catch (error) {
    count.failed++;
    console.log(`not ok ${error.message}`);
} finally {
    await stop_all();
}
console.log(`screenshots: ${shots}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed ? 1 : 0);
