// Edits a program that `carafe-alb dev` builds, and looks at its page: node dev.mjs MODULES CHROMIUM URL FILE
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [modules, executablePath, url, file] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "here.js"))("playwright-core");
const profile = mkdtempSync(join(tmpdir(), "dev-"));
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
try {
  const page = browser.pages()[0] ?? (await browser.newPage());
  const shows = (words) => page.waitForFunction((words) => document.body.innerText.includes(words), words, { timeout: 240_000 });
  const good = readFileSync(file, "utf8");
  // A page that says that it is being built comes anew by itself.
  await page.goto(url);
  await shows("one");
  const before = await page.innerText("body");

  writeFileSync(file, good.replace('"one"', "one < 1"));
  const reply = await page.reload();
  await shows("cannot find value");
  const [status, title, color] = [
    reply.status(), await page.title(), await page.locator("pre span.c1").first().innerText(),
  ];
  // What is open goes on to fetch from the last good build.
  const fetched = await page.evaluate(async () => (await fetch("/")).text());

  // Mended: the page comes anew without anybody's doing.
  writeFileSync(file, good.replace('"one"', '"two"'));
  await shows("two");
  console.log(JSON.stringify({ before, status, title, color, fetched, after: await page.innerText("body") }));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
