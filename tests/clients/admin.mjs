// Uses the admin example in headless Chromium: node admin.mjs MODULES CHROMIUM URL SITE SCRIPTS
// SITE is a page of an origin that may call the API; SCRIPTS is `on` or `off`.
import { createServer } from "node:http";
import { submit, withChromium } from "./chromium.mjs";

const [modules, executablePath, url, site, scripts] = process.argv.slice(2);
const javaScriptEnabled = scripts === "on";
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

// Another site, with a form that would delete a post.
const form = `<!DOCTYPE html><form method="post" action="${url}admin/posts/1/delete"><button>Win a prize</button></form>`;
const other = createServer((_, reply) => reply.setHeader("content-type", "text/html").end(form));
await new Promise((ready) => other.listen(0, "127.0.0.1", ready));
const elsewhere = (host) => `http://${host}:${other.address().port}/`;

// What a script of the page's origin gets from the API.
async function api(browser, origin) {
  const page = await browser.newPage();
  await page.goto(origin);
  const seen = await page.evaluate(async (posts) => {
    const call = async (options) => {
      try {
        const reply = await fetch(posts, options);
        const json = await reply.json();
        return [reply.status, json.total ?? json.id ?? json.errors?.[0].pointer ?? null];
      } catch {
        return "refused";
      }
    };
    const send = (password, title) => {
      const headers = { "authorization": `Basic ${btoa(`admin:${password}`)}`, "content-type": "application/json" };
      return call({ method: "POST", headers, body: JSON.stringify({ title, body: "By a script" }) });
    };
    return {
      list: await call(),
      wrong: await send("guess", "Hello"),
      faulty: await send("open sesame", " "),
      made: await send("open sesame", "Hello"),
    };
  }, `${url}api/posts`);
  await page.close();
  return seen;
}

const seen = await withChromium(modules, executablePath, { javaScriptEnabled }, async (browser) => {
  const page = await browser.newPage();
  const path = () => page.url().slice(url.length - 1);
  const text = async (selector) => (await page.locator(selector).allTextContents()).join(" ").replace(/\s+/g, " ").trim();
  const message = () => text(".message");
  const open = (link) => Promise.all([page.waitForNavigation(), page.click(link)]);
  const login = async (password) => {
    await page.fill("#login input[name=name]", "admin");
    await page.fill("#login input[name=password]", password);
    return submit(page, "#login");
  };
  const choose = (name, mimeType, buffer) => page.setInputFiles("#post input[type=file]", { name, mimeType, buffer });
  const seen = {};

  await page.goto(url);
  seen.asked = [path(), await message()];
  const refused = await login("guess");
  seen.refused = [refused.status(), path(), await text(".fault"), await page.inputValue("#login input[name=name]")];
  seen.passwordKept = await page.inputValue("#login input[name=password]");
  await login("open sesame");
  seen.granted = [path(), await message(), await text(".empty")];
  seen.width = await page.$eval("main", (main) => getComputedStyle(main).maxWidth);
  await page.reload();
  seen.reloaded = [path(), await message()];

  await open("text=New post");
  await page.fill("#post input[name=title]", " ");
  await page.fill("#post textarea", "Typed <with> care\nand more");
  await choose("cat.png", "image/png", Buffer.from("<svg>"));
  const again = await submit(page, "#post");
  seen.again = [again.status(), path(), await message(), await page.locator(".fault").allTextContents()];
  seen.typed = [await page.inputValue("#post input[name=title]"), await page.inputValue("#post textarea")];

  await page.fill("#post input[name=title]", "A <cat>");
  await choose("cat.png", "image/png", png);
  await submit(page, "#post");
  seen.published = [path(), await message(), await text(".text h2"), await text(".text small")];
  seen.picture = await page.$eval(".posts img", async (image) => [new URL(image.currentSrc || image.src).pathname]);
  seen.pictureType = await (await browser.request.get(`${url}pictures/1`)).headers()["content-type"];
  await page.reload();
  seen.publishedReloaded = await message();

  await open("text=A <cat>");
  await page.fill("#post input[name=title]", "A cat & a dog");
  await submit(page, "#post");
  seen.saved = [path(), await message(), await text(".text h2"), await page.locator(".posts img").count()];
  await page.fill("#search input", "horse");
  await submit(page, "#search");
  seen.searched = [path(), await text(".empty"), await page.inputValue("#search input")];
  await page.fill("#search input", "DOG care");
  await submit(page, "#search");
  seen.found = [path(), await text(".text h2")];

  const attacker = await browser.newPage();
  seen.attacks = [];
  for (const host of ["127.0.0.1", "localhost"]) {
    await attacker.goto(elsewhere(host));
    seen.attacks.push((await submit(attacker, "form")).status());
  }
  await attacker.close();

  await page.goto(url);
  await open(".posts .delete");
  seen.confirm = [path(), await text("#delete p")];
  await open("text=Keep it");
  seen.kept = [path(), await message(), await text(".text h2")];
  await open(".posts .delete");
  await submit(page, "#delete");
  seen.deleted = [path(), await message(), await text(".empty")];
  seen.gone = (await page.goto(`${url}admin/posts/1`)).status();
  seen.sorry = await message();

  await submit(page, "#logout");
  seen.loggedOut = [path(), await message()];
  await page.goto(`${url}admin/posts?q=cat`);
  seen.outside = path();
  if (javaScriptEnabled) {
    seen.api = { named: await api(browser, site), other: await api(browser, elsewhere("127.0.0.1")) };
  }
  return seen;
}).finally(() => other.close());
console.log(JSON.stringify(seen));
