// Logs in and out of the login example in headless Chromium: node login.mjs MODULES CHROMIUM URL
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [modules, executablePath, url] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "here.js"))("playwright-core");
const profile = mkdtempSync(join(tmpdir(), "login-"));
// Without these Chromium asks for hosts of its maker at every start.
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
// Another site, with a form that would log people out.
const form = `<!DOCTYPE html><form method="post" action="${url}logout"><button>Win a prize</button></form>`;
const other = createServer((_, reply) => reply.setHeader("content-type", "text/html").end(form));
await new Promise((ready) => other.listen(0, "127.0.0.1", ready));
const port = other.address().port;
try {
  const page = await browser.newPage();
  const path = () => page.url().slice(url.length - 1);
  const text = async (selector) => (await page.locator(selector).allTextContents()).join(" ");
  const message = () => text("p[class]");
  const secret = () => text("p:not([class])");
  const send = async (selector) => (await Promise.all([page.waitForNavigation(), page.click(`${selector} button`)]))[0];
  const login = async (password) => {
    await page.fill("#login input[name=name]", "ann");
    await page.fill("#login input[name=password]", password);
    await send("#login");
  };
  const cookies = async () =>
    (await browser.cookies()).map(({ name, httpOnly, secure, sameSite, path }) => ({ name, httpOnly, secure, sameSite, path }));
  const seen = {};

  const first = await (await page.goto(`${url}?a=1`)).request().redirectedFrom().response();
  seen.asked = [first.status(), path(), await message()];
  await login("guessed");
  seen.wrong = [path(), await message()];
  await page.reload();
  seen.wrongReloaded = [path(), await message()];
  await login("open sesame");
  seen.granted = [path(), await message(), await secret()];
  await page.reload();
  seen.reloaded = [path(), await message(), await secret()];
  seen.cookies = await cookies();
  const copies = await browser.cookies();

  const elsewhere = await browser.newPage();
  const attack = async (host) => {
    await elsewhere.goto(`http://${host}:${port}/`);
    const [reply] = await Promise.all([elsewhere.waitForNavigation(), elsewhere.click("button")]);
    return reply.status();
  };
  seen.crossOrigin = await attack("127.0.0.1");
  seen.crossSite = await attack("localhost");
  await elsewhere.close();
  await page.reload();
  seen.still = [path(), await message(), await secret()];

  await send("#logout");
  seen.loggedOut = [path(), await secret()];
  seen.cookiesAfter = await cookies();
  await page.goBack();
  seen.back = [path(), await secret()];
  await page.goForward();
  seen.forward = [path(), await secret()];
  await page.goto(`${url}?a=1`);
  seen.again = [path(), await secret()];

  // Somebody has kept a copy of the cookie from before the logout.
  const cookie = copies.map(({ name, value }) => `${name}=${value}`).join("; ");
  seen.copy = (await fetch(url, { headers: { cookie, accept: "text/html" }, redirect: "manual" })).status;
  console.log(JSON.stringify(seen));
} finally {
  other.close();
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
