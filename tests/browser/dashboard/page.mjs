// A page of the dashboard, and what a test does and waits for on it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {kDevice, record} from '../bench_server.mjs';

export const [program, folder] = process.argv.slice(2);
fs.mkdirSync(folder, {recursive: true});

// A page of the dashboard that remembers what it should not have done. `expected`: errors that the test provokes.
export async function open(browser, server, {key = server.key, expected = [], width = 1280, height = 900, at = '#/' + kDevice, ...options} = {}) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme: 'light', ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  page.on('console', message => { if (['error', 'warning'].includes(message.type()) && !expected.some(one => message.text().includes(one))) complaints.push(message.text()); });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('dialog', dialog => { complaints.push('dialog: ' + dialog.message()); dialog.dismiss(); });
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(server.origin + '/') || (key && url.includes(key.split('.')[1] || key))) complaints.push('request: ' + url);
  });
  await page.goto(server.origin + '/' + at);
  if (key) {
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
  }
  const close = async () => { assert.deepEqual(complaints, []); await context.close(); };
  return {page, close, context};
}

export const live = page => page.locator('#connection[data-state="live"]').waitFor();
export const shown = (page, id) => page.locator(`.live[data-record="${id}"]`).waitFor();
export const atRest = page => page.waitForFunction(() => {
  const history = document.querySelector('.history');
  return history && history.getAttribute('aria-busy') === 'false' && history.dataset.shown && !history.dataset.shown.endsWith('-part');
});
export const history = page => page.locator('.history').evaluate(node => {
  const [from, to] = node.dataset.shown.split('-').map(Number);
  return {from, to, span: to - from, every: Number(node.dataset.every), points: Number(node.querySelector('.plot').dataset.points)};
});
// The history once it shows another window than this one.
export const moved = async (page, before) => {
  await page.waitForFunction(old => {
    const node = document.querySelector('.history');
    return node.getAttribute('aria-busy') === 'false' && !node.dataset.shown.endsWith('-part') && node.dataset.shown !== old;
  }, before.from + '-' + before.to);
  return history(page);
};
export const drag = async (page, from, to) => {
  const over = page.locator('[data-plot="current"] .u-over');
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  await page.mouse.move(box.x + box.width * from, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + box.height / 2, {steps: 5});
  await page.mouse.up();
};
let serial = 0;
export const post = async (server, changes = {}, device = kDevice) => {
  const id = 'shown-' + ++serial;
  await server.post(record(Date.now(), {...changes, id}), device);
  return id;
};
