// Takes cookies of the program `login` into a jar that is strict about prefixes, and sends them back:
// node cookies.mjs MODULES URL SEEN, where SEEN is the address that a browser would have, https perhaps.
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, url, address] = process.argv.slice(2);
const { CookieJar } = createRequire(join(modules, "here.js"))("tough-cookie");
const jar = new CookieJar(undefined, { prefixSecurity: "strict" });
const seen = {};

const send = async (path, options = {}) => {
  const headers = { cookie: await jar.getCookieString(`${address}${path}`), accept: "text/html", ...options.headers };
  const reply = await fetch(`${url}${path}`, { ...options, headers, redirect: "manual" });
  for (const line of reply.headers.getSetCookie()) await jar.setCookie(line, `${address}${path}`);
  return { status: reply.status, text: await reply.text() };
};
const names = async () => (await jar.getCookies(`${address}/`)).map(({ key }) => key).sort();

const body = new URLSearchParams({ name: "ann", password: "open sesame" });
seen.login = (await send("/login", { method: "POST", body })).status;
seen.jar = await names();
const attributes = ({ httpOnly, secure, sameSite, path, hostOnly }) => ({ httpOnly, secure, sameSite, path, hostOnly });
seen.attributes = (await jar.getCookies(`${address}/`)).map(attributes);
seen.scripts = await jar.getCookieString(`${address}/`, { http: false });
seen.crossSite = await jar.getCookieString(`${address}/`, { sameSiteContext: "none" });
const page = await send("/");
seen.returned = [page.status, page.text.includes("Welcome back, ann"), page.text.includes("Only ann can see this.")];
seen.jarAfter = await names();
seen.logout = (await send("/logout", { method: "POST" })).status;
seen.jarAtLast = await names();
seen.again = (await send("/")).status;
console.log(JSON.stringify(seen));
