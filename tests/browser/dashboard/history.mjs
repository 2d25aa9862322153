// What a device has said: windows, zoom, values, tables.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {BenchServer, days, record} from '../bench_server.mjs';
import {inked} from '../looks.mjs';
import {open, live, atRest, history, moved, drag, program, folder} from './page.mjs';

export const tests = {
  async 'days are thinned by the server, a zoom brings what was between, and a double click goes back'({browser, server}) {
    const now = Date.now(), spike = Math.floor((now - 20 * 3600_000) / 300_000) * 300_000 + 60_000 + now % 60_000;  // others follow in its 5 min
    await server.register('PACK-2', 'Two days');
    const all = days(now, spike);
    for (let i = 0; i < all.length; i += 1000) await server.post(all.slice(i, i + 1000), 'PACK-2');
    const {page, close} = await open(browser, server, {at: '#/PACK-2'});
    await live(page);
    await atRest(page);
    await page.getByRole('button', {name: '1\u00a0d', exact: true}).click();
    await page.locator('.history[data-every="300"][aria-busy="false"]').waitFor();
    const day = await history(page);
    assert.ok(day.points >= 280 && day.points <= 290, 'a point for 5 min: ' + day.points);
    for (const canvas of await page.locator('.plot canvas').all()) assert.ok(await inked(canvas) > 0.005, 'plot is not blank');
    await page.screenshot({path: path.join(folder, 'day.png'), fullPage: true});

    const place = (spike - day.from) / day.span;
    await drag(page, place - 0.02, place + 0.02);
    const near = await moved(page, day);
    assert.ok(near.every < day.every && near.span < day.span / 20, JSON.stringify(near));
    assert.ok(near.from < spike && spike < near.to);
    assert.match(await page.locator('.history p').first().innerText(), /points, one for/);
    await page.locator('[data-plot="current"] .u-over').hover();
    assert.match(await page.locator('[data-plot="current"] .u-legend').innerText(), /\u00a0A$/);
    assert.match(await page.locator('.reading p').first().innerText(), /^\d+\s\w{3}\s\d{4}, \d\d:\d\d:\d\d UTC.* DISCHARGING cells .* pack .*SOC .*main contactor closed, charger contactor open/);
    assert.match(await page.locator('[data-plot="soc"] .u-legend').innerText(), /reported\s+\d+\.\d\u00a0%/, 'plots are read together');
    await page.locator('[data-plot="current"] .u-over').dblclick();
    assert.equal((await moved(page, near)).every, day.every);
    await close();
  },

  async 'a spike of one record is in the band of the day'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/PACK-2'});
    const lowest = page.waitForResponse(response => response.url().includes('agg=min') && response.url().includes('every=300s'));
    await atRest(page);
    await page.getByRole('button', {name: '1\u00a0d', exact: true}).click();
    const {data} = await (await lowest).json();
    assert.equal(Math.min(...data.map(one => one.pack_current)), -280);
    await close();
  },

  async 'a fault of one record is seen in the day, said in words, and one click away'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/PACK-2'});
    await atRest(page);
    await page.getByRole('button', {name: '1\u00a0d', exact: true}).click();
    await page.locator('.history[data-every="300"][aria-busy="false"]').waitFor();
    const day = await history(page);
    await page.getByRole('img', {name: /^States in this window: .*FAULT/}).waitFor();
    assert.equal(await page.locator('.faulty .mark').count(), 1);
    const mark = await page.locator('.faulty .mark').boundingBox(), state = await page.locator('.states .state.fault').boundingBox();
    const plot = await page.locator('[data-plot="cells"] .u-over').boundingBox(), band = await page.locator('.states').boundingBox();
    assert.ok(mark.width >= 1 && Math.abs(mark.x - state.x) < 1, 'it is seen, where its state is');
    assert.ok(Math.abs(plot.x - band.x) < 1 && Math.abs(plot.width - band.width) < 1, 'on the axis of the plots');
    await page.screenshot({path: path.join(folder, 'day_with_fault.png'), fullPage: true});
    await page.getByRole('button', {name: /^Over-current while discharging, second level/}).click();
    const near = await moved(page, day);
    assert.ok(near.span < day.span / 50 && near.every < 5, JSON.stringify(near));
    assert.ok(await page.locator('.plots-frame').evaluate(node => node === document.activeElement), 'the focus is not lost');
    await page.keyboard.press('f');
    assert.match(await page.locator('.reading [aria-live]').innerText(), /, FAULT, .*\u2212280\.0\u00a0A.*faults.*: Over-current while discharging/);
    await close();
  },

  async 'zooming in stays with the newest record, wherever in the window it lies'({browser, server}) {
    const end = Date.now() - 10 * 86400_000;
    await server.register('ZOOM-1', 'Ten days ago');
    await server.post(Array.from({length: 100}, (_, i) => record(end - i * 600_000, {id: 'zoom-' + i})), 'ZOOM-1');
    const {page, close} = await open(browser, server, {at: '#/ZOOM-1'});
    await atRest(page);
    await page.getByRole('button', {name: '30\u00a0d', exact: true}).click();
    await page.locator('.history[data-every="7200"][aria-busy="false"]').waitFor();
    for (let before = await history(page), i = 0; i < 6; ++i) {
      await page.getByRole('button', {name: /^(Zoom in|\+)/}).click();
      const now = await moved(page, before);
      assert.ok(now.span < before.span && now.points > 0 && now.from <= end && end < now.to, JSON.stringify(now));
      before = now;
    }
    await close();
  },

  async 'an empty window has the first record as soon as it comes'({browser, server}) {
    await server.register('DRY-1', 'New');
    const {page, close} = await open(browser, server, {at: '#/DRY-1'});
    await live(page);
    await page.locator('.history[aria-busy="false"]').waitFor();
    await server.post(record(Date.now(), {id: 'dry-1'}), 'DRY-1');
    await page.waitForFunction(() => Number(document.querySelector('.plot')?.dataset.points) > 0);
    assert.doesNotMatch(await page.locator('.history').innerText(), /[Nn]o records/);
    await close();
  },

  async 'what is shown can be saved as a table, a line a point'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/PACK-2'});
    await atRest(page);
    await page.getByRole('button', {name: '6\u00a0h', exact: true}).click();
    await page.locator('.history[data-every="60"][aria-busy="false"]').waitFor();
    const given = page.waitForEvent('download');
    await page.getByRole('button', {name: 'Save as CSV'}).click();
    const file = await given, {points, from, to} = await history(page);
    assert.match(file.suggestedFilename(), /^PACK-2_\d{8}T\d{6}Z_\d{8}T\d{6}Z\.csv$/);
    const lines = fs.readFileSync(await file.path(), 'utf8').trimEnd().split('\r\n'), names = lines[0].split(',');
    assert.equal(lines.length, points + 1);
    for (const line of lines.slice(1)) {
      const at = Date.parse(line.split(',')[names.indexOf('ts')]);
      assert.ok(from <= at && at < to, line);
    }
    await close();
  },

  async 'values are read with the arrow keys, and the window moves at its edge'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/PACK-2'});
    await atRest(page);
    await page.getByRole('button', {name: '6\u00a0h', exact: true}).click();
    await page.locator('.history[data-every="60"][aria-busy="false"]').waitFor();
    await page.locator('.plots-frame').focus();
    const at = () => page.locator('.reading').evaluate(node => Number(node.dataset.at)), said = () => page.locator('.reading [aria-live]').innerText();
    const cursor = plot => page.locator(`[data-plot="${plot}"] .u-cursor-x`).evaluate(node => new DOMMatrix(getComputedStyle(node).transform).e);
    await page.keyboard.press('Home');
    const first = await at();
    await page.keyboard.press('ArrowRight');
    assert.equal(await at() - first, 60);
    await page.keyboard.press('Shift+ArrowRight');
    assert.equal(await at() - first, 11 * 60);
    assert.match(await said(), /UTC.*, cells \d\.\d{3}\u2013\d\.\d{3}\u00a0V \u00b7 pack /);
    assert.ok(await cursor('soc') > 0 && await cursor('soc') === await cursor('current'), 'plots are read together');
    await page.keyboard.press('Home');
    const before = await history(page);
    await page.keyboard.press('ArrowLeft');
    assert.ok((await moved(page, before)).to < before.to);
    await page.keyboard.press('Escape');
    assert.match(await page.locator('.reading').innerText(), /^Point at a plot/);
    await close();
  },

  async 'times are of the place where one looks at them, which is said'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/PACK-2', timezoneId: 'Asia/Kolkata'});
    await atRest(page);
    const from = (await history(page)).from, there = new Date(from + 5.5 * 3600_000).toISOString();
    assert.ok((await page.locator('.history p').first().innerText()).includes(there.slice(11, 19)), there);
    assert.match(await page.locator('.history p').first().innerText(), / UTC\+5:30\. /);
    await close();
  },

  async 'nothing jumps while the page fills'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/PACK-2'});
    await atRest(page);
    await page.reload();
    await atRest(page);
    await live(page);
    // Chromium's sum of shifts that no input caused; below 0.1 is called good (web.dev/cls).
    const shift = await page.evaluate(() => new Promise(resolve => {
      let sum = 0;
      const watch = new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.hadRecentInput ? 0 : one.value; }));
      watch.observe({type: 'layout-shift', buffered: true});
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
    }));
    assert.ok(shift < 0.1, String(shift));
    await close();
  },

  async 'a server that asks for patience is given it, says so, and is read again'({browser}) {
    const strict = await BenchServer.start(program, ['--rate', '120', '--burst', '8']);
    try {
      await strict.register('PACK-1');
      await strict.post(record(Date.now() - 60_000));
      const {page, close} = await open(browser, strict, {expected: ['429']});
      await page.locator('.live[data-record]').waitFor();
      for (const name of ['5\u00a0min', '6\u00a0h', '1\u00a0d', '7\u00a0d']) await page.getByRole('button', {name, exact: true}).click();
      await page.getByRole('alert').filter({hasText: 'The history could not be read:'}).waitFor();
      await page.screenshot({path: path.join(folder, 'too_many.png'), fullPage: true});
      await page.getByText('The history could not be read').waitFor({state: 'detached'});  // by itself
      await close();
    } finally {
      await strict.end();
    }
  },
};
