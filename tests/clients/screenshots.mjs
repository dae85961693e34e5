// Takes the guide's pictures of the admin example: node screenshots.mjs MODULES CHROMIUM URL FOLDER
import { join } from "node:path";
import { submit, withChromium } from "./chromium.mjs";

const [modules, executablePath, url, folder] = process.argv.slice(2);
const posts = [
  ["Opening hours in summer", "From June to August we open at seven in the morning, so that you can be here before the heat is.", ["#f59e0b", "#ef4444"]],
  ["The new coffee from Chiapas", "Notes of cocoa and orange. It is roasted on Tuesdays and sold out by Friday, as a rule.", ["#7c2d12", "#d97706"]],
  ["Closed for the harvest", "On the last weekend of September all of us are in the vineyard. Come along if you like.", null],
  ["A carafe for two", "It holds three quarters of a litre, keeps the cold for an hour, and is made of glass by a friend of ours.", ["#0f766e", "#67e8f9"]],
];
const sizes = { desk: { width: 1024, height: 770 }, phone: { width: 390, height: 780 } };

// A picture of two colours.
async function picture(browser, [from, to]) {
  const page = await browser.newPage();
  await page.setViewportSize({ width: 160, height: 160 });
  await page.setContent(`<body style="background:linear-gradient(135deg,${from},${to})">`);
  const png = await page.screenshot();
  await page.close();
  return png;
}

await withChromium(modules, executablePath, {}, async (browser) => {
  const page = await browser.newPage();
  const take = async (name) => {
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await page.evaluate(() => document.activeElement?.blur());
      await page.screenshot({ path: join(folder, `admin-${name}-${size}.png`), caret: "hide" });
    }
  };
  const login = async (password) => {
    await page.fill("#login input[name=name]", "admin");
    await page.fill("#login input[name=password]", password);
    await submit(page, "#login");
  };
  const write = async ([title, body], file) => {
    await page.goto(`${url}admin/posts/new`);
    await page.fill("#post input[name=title]", title);
    await page.fill("#post textarea", body);
    if (file) await page.setInputFiles("#post input[type=file]", file);
    await submit(page, "#post");
  };

  await page.goto(url);
  await login("guess");
  await take("login");
  await login("open sesame");
  for (const post of posts) {
    const buffer = post[2] && (await picture(browser, post[2]));
    await write(post, buffer && { name: "picture.png", mimeType: "image/png", buffer });
  }
  await take("list");
  // On a phone in the evening.
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: join(folder, "admin-list-dark.png") });
  await page.emulateMedia({ colorScheme: "light" });
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("No picture") };
  await write([" ", "Every first Saturday of the month, at eight in the evening."], notes);
  await take("form");
});
