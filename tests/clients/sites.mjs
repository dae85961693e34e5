// Calls the program `sites` from pages of its own and of other origins: node sites.mjs MODULES CHROMIUM API PAGES [NAME]
// With NAME, a host in no list of browsers, only forms are sent there over plain HTTP.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [modules, executablePath, api, pages, name] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "here.js"))("playwright-core");
const profile = mkdtempSync(join(tmpdir(), "sites-"));
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  ...(name ? [`--host-resolver-rules=MAP ${name} 127.0.0.1`] : []),
];
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });

// In the page: what a script there sees of an answer.
const call = async ([url, options]) => {
  try {
    const reply = await fetch(url, options);
    if (reply.type === "opaque") return "opaque";
    const headers = ["x-total", "x-hidden"].map((name) => reply.headers.get(name));
    const text = await reply.text();
    return [reply.status, reply.ok ? text : "", ...headers];
  } catch {
    return "refused";
  }
};

// A form that a page sends, and what comes of it.
const sent = async (page, target) => {
  const form = (target) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: target, enctype: "text/plain" });
    document.body.append(form);
    form.submit();
  };
  const [reply] = await Promise.all([page.waitForNavigation(), page.evaluate(form, target)]);
  const headers = await reply.request().allHeaders();
  return [reply.status(), headers["sec-fetch-site"] ?? null];
};

const byName = async () => {
  const page = await browser.newPage();
  const [there, elsewhere] = [api, pages].map((address) => address.replace("127.0.0.1", name));
  const target = there + "closed/orders";
  await page.goto(there);
  const own = await sent(page, target);
  await page.goto(elsewhere);
  const otherPort = await sent(page, target);
  await page.goto(pages);
  const otherSite = await sent(page, target);
  await page.goto(there);
  const local = await sent(page, api + "closed/orders");
  return { own, otherPort, otherSite, local };
};

const everything = async () => {
  const page = await browser.newPage();
  const json = { method: "POST", headers: { "content-type": "application/json" } };
  const calls = {
    any: ["any/prices"],
    anyWithHeader: ["any/prices", { headers: { "x-mine": "1" } }],
    closed: ["closed/prices"],
    named: ["named/orders"],
    namedWithCookie: ["named/orders", { credentials: "include" }],
    namedLost: ["named/lost"],
    order: ["named/orders", { ...json, body: "1" }],
    orderWithCookie: ["named/orders", { ...json, body: "2", credentials: "include" }],
    otherMethod: ["named/orders", { method: "PUT", body: "3" }],
    blind: ["closed/orders", { method: "POST", body: "4", mode: "no-cors" }],
    blindWithCookie: ["named/orders", { method: "POST", body: "5", mode: "no-cors", credentials: "include" }],
  };
  const from = async (address) => {
    await page.goto(address);
    const seen = {};
    for (const [name, [path, options]] of Object.entries(calls)) {
      seen[name] = await page.evaluate(call, [api + path, options ?? {}]);
    }
    return seen;
  };
  await page.goto(api + "visit");
  const named = await from(pages);
  // The same page by another name is another site, and one that nobody has named.
  const other = await from(pages.replace("127.0.0.1", "localhost"));
  await page.goto(api);
  const orders = await page.evaluate(call, [api + "named/orders", {}]);

  const long = await page.goto(api + "long");
  const packed = [long.headers()["content-encoding"], long.headers()["vary"], await page.locator("p").count()];
  // It would ask its user, and there is none.
  const asked = await page.goto(api + "staff/who").catch((error) => /net::\w+/.exec(error.message)[0]);
  const login = encodeURIComponent("zoë") + ":" + encodeURIComponent("sésame");
  const second = await browser.newPage();
  const granted = await second.goto(api.replace("://", `://${login}@`) + "staff/who");
  const staff = [asked, granted.status(), await second.textContent("body")];
  return { named, other, orders, packed, staff };
};

try {
  console.log(JSON.stringify(await (name ? byName() : everything())));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
