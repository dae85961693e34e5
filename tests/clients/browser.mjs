// Fills in the form of the program `visits` in headless Chromium: node browser.mjs MODULES CHROMIUM URL
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [modules, executablePath, url] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "here.js"))("playwright-core");
const profile = mkdtempSync(join(tmpdir(), "visits-"));
// Without these Chromium asks for hosts of its maker at every start.
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
try {
  const page = await browser.newPage();
  const last = () => page.textContent("#last");
  await page.goto(url);
  const before = await last();
  const send = (form) => Promise.all([page.waitForNavigation(), page.click(`${form} button`)]);
  await page.fill("#short input[name=name]", "Bob");
  await send("#short");
  const short = await last();
  await page.fill("form input[name=name]", "Ann");
  await page.setInputFiles("input[type=file]", { name: "a.png", mimeType: "image/png", buffer: Buffer.from([0, 255]) });
  await send("form");
  const after = await last();
  await page.reload();
  const cookies = (await browser.cookies()).map(({ name, value }) => `${name}=${value}`);
  console.log(JSON.stringify({ before, short, after, reloaded: await last(), cookies }));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
