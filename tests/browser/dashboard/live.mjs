// What a device says now, and whether it still says it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {record} from '../bench_server.mjs';
import {inked} from '../looks.mjs';
import {open, live, shown, atRest, post, folder} from './page.mjs';

// The limits of the BMS profiles, read in another way than the page has them.
const profileFolder = fileURLToPath(new URL('../../../scenarios/bms/', import.meta.url));
const profiles = fs.readdirSync(profileFolder).sort().map(file => {
  const lines = fs.readFileSync(profileFolder + file, 'utf8').split('\n'), line = begin => lines.find(one => one.trim().startsWith(begin + ':'));
  const trip = row => Number(line(row).split('trip: ')[1].split(' V')[0]).toFixed(2);
  return {id: line('bms_profile').split(': ')[1].trim(), low: trip('cell_uv'), high: trip('cell_ov')};
});

export const tests = {
  async 'a record is shown within a second of its arrival'({browser, server}) {
    const {page, close} = await open(browser, server);
    await live(page);
    await page.evaluate(() => {
      window.seen = {};
      new MutationObserver(() => { const id = document.querySelector('.live').dataset.record; window.seen[id] = window.seen[id] || Date.now(); })
          .observe(document.querySelector('.live'), {attributes: true, subtree: true, childList: true});
    });
    const late = [];
    for (let i = 0; i < 20; ++i) {
      const id = await post(server, {pack_current: -10 - i});
      const stored = Date.now();
      await shown(page, id);
      late.push(await page.evaluate(id => window.seen[id], id) - stored);
    }
    console.log('        shown after ' + Math.max(...late) + ' ms at most');
    assert.ok(Math.max(...late) < 1000, late.join(' '));
    assert.match(await page.locator('.tile', {hasText: 'Current'}).innerText(), /\u221229\.0\u00a0A\s+discharging/);
    assert.match(await page.locator('.fresh').innerText(), /Measured just now/);
    await close();
  },

  async 'cells stand between limits, say when they are beyond, and show which are bled'({browser, server}) {
    const {page, close} = await open(browser, server);
    const cells = record(0).cell_voltage.map((v, i) => i === 8 ? 3.702 : i === 2 ? null : v);
    await shown(page, await post(server, {cell_voltage: cells, balancing: cells.map((_, i) => i === 4)}));
    const named = number => page.getByRole('listitem', {name: new RegExp('^Cell ' + number + ':')}), source = () => page.locator('.source').innerText();
    assert.equal(await named(9).getAttribute('data-state'), 'inside', 'no limit is made up');
    assert.match(await source(), /^No limits: the API does not tell/);
    const choices = page.getByLabel('Limits of the cells');
    assert.deepEqual(await choices.locator('option').allInnerTexts(), ['none', ...profiles.map(({id}) => id), 'own']);
    for (const {id, low, high} of profiles) {  // the numbers are those of the profiles
      await choices.selectOption(id);
      assert.ok((await source()).startsWith(`Limits: ${low}\u00a0V to ${high}\u00a0V, the trips cell_uv and cell_ov of the BMS profile ${id}, chosen here`), await source());
    }
    await choices.selectOption('lfp-15s-100ah');
    assert.match(await named(9).getAttribute('aria-label'), /3\.702\u00a0V, above its limit/);
    assert.match(await named(5).getAttribute('aria-label'), /balancing$/);
    assert.match(await named(3).getAttribute('aria-label'), /\u2013, no reading/);
    assert.match(await page.locator('.summary').innerText(), /Highest: cell 9, 3\.702\u00a0V.*1 cell balancing/);
    await page.getByLabel('Limits of the cells').selectOption('na-ion-15s');
    assert.equal(await named(9).getAttribute('data-state'), 'inside');
    await page.getByLabel('Limits of the cells').selectOption('own');
    await page.getByLabel('high limit in V').fill('3.31');
    await page.getByLabel('high limit in V').press('Tab');
    assert.equal(await named(1).getAttribute('data-state'), 'inside');
    assert.equal(await named(2).getAttribute('data-state'), 'over');
    await page.reload();  // kept in this browser
    await live(page);
    await page.locator('.cells').waitFor();
    assert.equal(await named(2).getAttribute('data-state'), 'over');
    assert.match(await source(), /^Limits: 2\.00\sV to 3\.31\sV, typed here/);
    await close();
  },

  async 'contactors and current are drawn, and said to those who do not see them'({browser, server}) {
    const {page, close} = await open(browser, server);
    await shown(page, await post(server, {pack_current: 20, main_contactor_state: false, charger_contactor_state: true}));
    const picture = page.getByRole('img', {name: 'Main contactor open, charger contactor closed, 20.0\u00a0A into the pack'});
    await picture.waitFor();
    const drawn = await picture.locator('.lever').evaluateAll(nodes => nodes.filter(n => getComputedStyle(n).display !== 'none').map(n => n.classList[1]));
    assert.deepEqual(drawn, ['open', 'closed']);  // main, charger
    await shown(page, await post(server));
    await page.getByRole('img', {name: 'Main contactor closed, charger contactor open, \u221250.0\u00a0A out of the pack'}).waitFor();
    await close();
  },

  async 'a fault appears by itself, in words, as an alert, and goes'({browser, server}) {
    const {page, close} = await open(browser, server);
    await shown(page, await post(server));
    assert.match(await page.locator('.faults').innerText(), /^No faults/);
    await post(server, {faults: ['cell_ov', 'made_up_fault'], bms_state: 'FAULT', main_contactor_state: false, pack_current: 0});
    const alert = page.getByRole('alert').filter({hasText: '2 faults'});
    await alert.waitFor();
    for (const text of ['Cell over-voltage', 'cell_ov', 'made up fault']) assert.ok((await alert.innerText()).includes(text), text);
    assert.match(await page.title(), /^FAULT/);
    assert.equal(await page.locator('.tile.state').getAttribute('data-tone'), 'bad');
    await page.screenshot({path: path.join(folder, 'fault.png')});
    await shown(page, await post(server));
    assert.match(await page.locator('.faults').innerText(), /^No faults/);
    await close();
  },

  async 'text from the server is shown and never run'({browser, server}) {
    const name = '<img src=x onerror=alert(1)>"\'&amp;';
    await server.register('EVIL-1', name, {location: '</main><script>alert(2)</script>'});
    const {page, close} = await open(browser, server, {at: '#/EVIL-1'});
    await page.getByRole('heading', {name, level: 1}).waitFor();
    assert.match(await page.locator('.device-head').innerText(), /<script>alert\(2\)<\/script>/);
    assert.equal(await page.locator('main script, main img').count(), 0);
    await close();
  },

  async 'a clock that is ahead is said, and its records are not shown as fresh'({browser, server}) {
    await server.register('AHEAD-1', 'Ahead');
    await server.post(record(Date.now() + 3_600_000, {id: 'ahead'}), 'AHEAD-1');
    const {page, close} = await open(browser, server, {at: '#/AHEAD-1'});
    await shown(page, 'ahead');
    assert.match(await page.locator('.fresh').innerText(), /Measured (59|60)\smin ahead of the server\u2019s clock/);
    assert.equal(await page.locator('.fresh').getAttribute('data-tone'), 'stale');
    await close();
  },

  async 'readings that a device does not have are said to be missing, never drawn'({browser, server}) {
    await server.register('NONE-1', 'None');
    await server.post(record(Date.now() - 60_000, {id: 'none', pack_voltage: null, temperature: null, pack_current: null, soc: null, ocv_soc: null, soh: null,
                                                   cell_voltage: Array(24).fill(null)}), 'NONE-1');
    const {page, close} = await open(browser, server, {at: '#/NONE-1'});
    await shown(page, 'none');
    await atRest(page);
    assert.equal(await page.locator('.no-readings:visible').count(), 5);
    assert.match(await page.locator('.tile', {hasText: 'Current'}).innerText(), /^Current\s+\u2013\s*$/);
    await page.getByText('No cell has a reading.').waitFor();
    await close();
  },

  async 'a device that was silent for long is not shown as fresh, and its past is one click away'({browser, server}) {
    await server.register('OLD-1', 'Long ago');
    await server.post(record(Date.parse('2025-01-13T16:12:20Z'), {id: 'old'}), 'OLD-1');
    const {page, close} = await open(browser, server, {at: '#/OLD-1'});
    await shown(page, 'old');
    assert.match(await page.locator('.fresh').innerText(), /Measured \d+\u00a0d ago/);
    assert.equal(await page.locator('.fresh').getAttribute('data-tone'), 'stale');
    await page.getByText('There are no records in this window.').waitFor();
    await page.getByRole('button', {name: /Go to the newest record, of 13\sJan\s2025/}).click();
    await page.locator('.plot').first().waitFor();
    assert.ok(await inked(page.locator('[data-plot="soc"] canvas')) > 0.005, 'a point alone is seen');
    await close();
  },

  async 'a server that goes is missed, and found again when it is back'({browser, server}) {
    const {page, close} = await open(browser, server, {expected: ['ERR_']});
    await shown(page, await post(server));
    await server.down();
    try {
      const gone = page.locator('#connection[data-state="gone"]');
      await gone.waitFor();
      assert.match(await gone.innerText(), /The server does not answer\. Since \d\d:\d\d:\d\d\.\s+Trying again in \d\ss\./);
      assert.match(await page.locator('.fresh').innerText(), /^Last known/);
      await page.getByRole('button', {name: 'Zoom out'}).click();
      await page.getByRole('alert').filter({hasText: 'The history could not be read: The server does not answer.'}).waitFor();
      await page.screenshot({path: path.join(folder, 'gone.png')});
    } finally {
      await server.up();
    }
    await live(page);
    await page.getByText('The history could not be read').waitFor({state: 'detached'});  // by itself
    await shown(page, await post(server, {soc: 12.5}));
    assert.match(await page.locator('.tile', {hasText: 'State of charge'}).innerText(), /12\.5\u00a0%/);
    assert.match(await page.locator('.fresh').innerText(), /^Measured/);
    await close();
  },

  async 'a page that is hidden for long gives its connection back, and goes on when it is seen'({browser, server}) {
    const {page, close} = await open(browser, server);
    await live(page);
    const clients = await server.metric('api_live_clients');
    await page.clock.install();
    const turn = state => page.evaluate(state => {
      Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
    await turn('hidden');
    await page.clock.fastForward(29_000);
    assert.equal(await server.metric('api_live_clients'), clients);
    await page.clock.fastForward(2_000);
    while (await server.metric('api_live_clients') >= clients) continue;
    const id = await post(server);
    await turn('visible');
    await shown(page, id);
    await close();
  },

  async 'pages that are closed leave nobody behind at the server'({browser, server}) {
    const {page, close} = await open(browser, server);
    await live(page);
    const clients = await server.metric('api_live_clients');
    assert.ok(clients >= 1);
    await close();
    while (await server.metric('api_live_clients') >= clients) continue;  // the test's own time limit ends this
  },
};
