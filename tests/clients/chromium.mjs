// Headless Chromium with a profile of its own, which is deleted in the end.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Without these Chromium asks for hosts of its maker at every start.
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export async function withChromium(modules, executablePath, options, work) {
  const { chromium } = createRequire(join(modules, "here.js"))("playwright-core");
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args, ...options });
  try {
    return await work(browser);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

// Submits a form, and returns the answer that the browser ends at.
export async function submit(page, form) {
  return (await Promise.all([page.waitForNavigation(), page.click(`${form} button`)]))[0];
}
