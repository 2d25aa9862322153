// node dashboard_test.mjs PACKBENCH FOLDER: the dashboard as a person uses it, on a real server with a real store. Leaves
// screenshots in FOLDER.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {BenchServer, days, kDevice, record} from './bench_server.mjs';
import {launch, run} from './browser.mjs';
import {barriers, faint, inked, sideways} from './looks.mjs';

const [program, folder] = process.argv.slice(2);
fs.mkdirSync(folder, {recursive: true});

// A page of the dashboard that remembers what it should not have done. `expected`: errors that the test provokes.
async function open(browser, server, {key = server.key, expected = [], width = 1280, height = 900, at = '#/' + kDevice, ...options} = {}) {
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

const live = page => page.locator('#connection[data-state="live"]').waitFor();
const shown = (page, id) => page.locator(`.live[data-record="${id}"]`).waitFor();
const atRest = page => page.waitForFunction(() => {
  const history = document.querySelector('.history');
  return history && history.getAttribute('aria-busy') === 'false' && history.dataset.shown && !history.dataset.shown.endsWith('-part');
});
const history = page => page.locator('.history').evaluate(node => {
  const [from, to] = node.dataset.shown.split('-').map(Number);
  return {from, to, span: to - from, every: Number(node.dataset.every), points: Number(node.querySelector('.plot').dataset.points)};
});
// The history once it shows another window than this one.
const moved = async (page, before) => {
  await page.waitForFunction(old => {
    const node = document.querySelector('.history');
    return node.getAttribute('aria-busy') === 'false' && !node.dataset.shown.endsWith('-part') && node.dataset.shown !== old;
  }, before.from + '-' + before.to);
  return history(page);
};
const drag = async (page, from, to) => {
  const over = page.locator('[data-plot="current"] .u-over');
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  await page.mouse.move(box.x + box.width * from, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + box.height / 2, {steps: 5});
  await page.mouse.up();
};
// The limits of the BMS profiles, read in another way than the page has them.
const profileFolder = fileURLToPath(new URL('../../scenarios/bms/', import.meta.url));
const profiles = fs.readdirSync(profileFolder).sort().map(file => {
  const lines = fs.readFileSync(profileFolder + file, 'utf8').split('\n'), line = begin => lines.find(one => one.trim().startsWith(begin + ':'));
  const trip = row => Number(line(row).split('trip: ')[1].split(' V')[0]).toFixed(2);
  return {id: line('bms_profile').split(': ')[1].trim(), low: trip('cell_uv'), high: trip('cell_ov')};
});
let serial = 0;
const post = async (server, changes = {}, device = kDevice) => {
  const id = 'shown-' + ++serial;
  await server.post(record(Date.now(), {...changes, id}), device);
  return id;
};

const tests = {
  async 'a server without devices says what to do, with commands that work when pasted'({browser, server}) {
    const {page, close} = await open(browser, server);
    const paste = async () => execFileSync('bash', ['-c', await page.locator('.command code').innerText()], {input: server.key + '\n', encoding: 'utf8'});
    await page.getByRole('heading', {name: 'No devices yet'}).waitFor();
    assert.ok(await sideways(page) <= 0);
    await page.screenshot({path: path.join(folder, 'first.png')});
    assert.deepEqual(JSON.parse(await paste()), {success: true});
    await page.getByRole('heading', {name: 'No records yet'}).waitFor();  // by itself
    await live(page);
    assert.equal(JSON.parse(await paste()).accepted, 1);
    await page.locator('.tile', {hasText: '49.71'}).waitFor();
    assert.equal(await page.locator('.cells li').count(), 15);
    assert.match(await page.locator('.faults').innerText(), /does not report faults/);
    await close();
  },

  async 'the first steps that the API\'s README shows work when pasted, and end in the dashboard'({browser}) {
    const readme = fs.readFileSync(new URL('../../hil/api/README.md', import.meta.url), 'utf8').split('## First steps')[1];
    const server = await BenchServer.plain(program), at = text => text.replaceAll('127.0.0.1:8080', new URL(server.origin).host);
    const [begin, steps] = [...readme.matchAll(/```sh\n(.*?)```/gs)].slice(0, 2).map(found => at(found[1])), [make, serve] = begin.trim().split('\n');
    const paste = text => execFileSync('bash', ['-ec', text], {cwd: server.folder, env: {...process.env, PATH: server.folder + ':' + process.env.PATH}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
    paste(make);
    await server.upBy(serve.split('#')[0].trim().split(' ').slice(1));
    try {
      const [before, revoke] = steps.split(/(?=packbench keys revoke)/), [names] = steps.split('\n');
      const said = paste(before);
      assert.match(said, /^\{"success":true\}\{"success":true,"accepted":1,"duplicates":0,"rejected":\[\]\}\{"success":true,"data":\[\{"deviceId":"PACK-1".*deviceId,Device_id,.*\r\nPACK-1,First pack,49\.71,3\.31,/s);
      const {page, close} = await open(browser, server, {key: fs.readFileSync(path.join(server.folder, 'key.txt'), 'utf8').trim(), at: '', expected: ['401']});
      await page.locator('.tile', {hasText: '49.71'}).waitFor();
      assert.match(await page.locator('.source').innerText(), /of the BMS profile lfp-15s-100ah, named by the model of the device/);
      paste(names + '\n' + revoke);
      await page.getByRole('button', {name: '6\u00a0h', exact: true}).click();
      await page.getByRole('alert').filter({hasText: 'does not accept this key'}).waitFor();
      await close();
    } finally {
      await server.end();
    }
  },

  async 'the key is asked for once in a tab, and kept nowhere else'({browser, server}) {
    const {page, context, close} = await open(browser, server);
    await live(page);
    await page.reload();
    await live(page);
    assert.equal(await page.locator('form').count(), 0);
    assert.ok(!page.url().includes(server.key));
    assert.ok(!await page.evaluate(key => JSON.stringify(localStorage).includes(key) || document.cookie.includes(key), server.key));
    const other = await context.newPage();
    await other.goto(server.origin + '/');
    await other.getByLabel('API key').waitFor();
    await page.getByRole('button', {name: 'Forget the key'}).click();
    await page.getByLabel('API key').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await close();
  },

  async 'a wrong key is said plainly, and so is one that may not read'({browser, server}) {
    const {page, close} = await open(browser, server, {key: 'no-such-key', expected: ['401', '403']});
    await page.getByRole('alert').filter({hasText: 'does not accept this key'}).waitFor();
    assert.ok(await page.getByLabel('API key').evaluate(node => node === document.activeElement));
    await page.screenshot({path: path.join(folder, 'wrong_key.png')});
    await page.getByLabel('API key').fill(server.newKey('blind', '--scope', 'telemetry:write'));
    await page.getByRole('button', {name: 'Open'}).click();
    await page.getByRole('alert').filter({hasText: 'needs the scopes devices:read and telemetry:read'}).waitFor();
    await page.getByLabel('API key').fill(server.newKey('reader', '--scope', 'devices:read', '--scope', 'telemetry:read'));
    await page.getByRole('button', {name: 'Open'}).click();
    await live(page);
    await close();
  },

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

  async 'a device of the address that is not there is said, and none is shown in its place'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/NOBODY'});
    await page.getByRole('heading', {name: 'There is no device NOBODY'}).waitFor();
    assert.equal(await page.locator('.live').count(), 0);
    await page.getByRole('link', {name: /PACK-2/}).click();
    await page.getByRole('heading', {name: 'Two days', level: 1}).waitFor();
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

  async 'the device that one looks at stays, whoever else sends'({browser, server}) {
    const {page, close} = await open(browser, server, {at: ''});
    await page.locator('.live').waitFor();
    const heading = page.getByRole('heading', {level: 1}), before = await heading.innerText();
    for (const device of ['PACK-2', kDevice]) {
      const list = page.waitForResponse(response => response.url().endsWith('/v1/devices'));
      await post(server, {}, device);
      await page.evaluate(() => refresh());  // as it does by itself now and then
      await list;
      assert.equal(await heading.innerText(), before);
    }
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

  async 'a key that is revoked ends the session of its holder'({browser, server}) {
    const key = server.newKey('short');
    const {page, close} = await open(browser, server, {key, expected: ['401']});
    await shown(page, await post(server));
    server.revoke(key);
    await post(server);
    await page.getByRole('alert').filter({hasText: 'does not accept this key'}).waitFor();
    await close();
  },

  async 'everything can be done on the keyboard, and the focus is seen'({browser, server}) {
    const {page, close} = await open(browser, server, {key: null});
    await page.keyboard.type(server.key);  // the field has the focus already
    await page.keyboard.press('Enter');
    await live(page);
    await atRest(page);
    await page.reload();  // the focus is at the beginning, the key is kept
    await live(page);
    await atRest(page);
    const stops = [];
    for (let i = 0; i < 40; ++i) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const node = document.activeElement, style = getComputedStyle(node);
        return {what: node.getAttribute('aria-label') || node.innerText, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, body: node === document.body};
      });
      if (stop.body) break;
      assert.ok(stop.outline, 'the focus is seen on ' + stop.what);
      stops.push(stop.what);
    }
    for (const wanted of ['Skip to the pack', 'Forget the key', 'Limits of the cells', '1\u00a0h', 'Zoom in']) assert.ok(stops.includes(wanted), wanted + ' in ' + stops);
    assert.ok(stops.some(what => what.includes('PACK-2')) && stops.includes('Plots'), String(stops));

    await page.getByRole('link', {name: /PACK-2/}).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {name: 'Two days', level: 1}).waitFor();
    await live(page);
    await atRest(page);
    await page.locator('.plots-frame').focus();
    let before = await history(page);
    for (const [press, is] of [['+', after => after.span < before.span], ['-', after => after.span > before.span],
                               ['PageUp', after => after.to < before.to], ['PageDown', after => after.to > before.to], ['0', after => after.span === 3600_000]]) {
      await page.keyboard.press(press);
      const after = await moved(page, before);
      assert.ok(is(after), press + ' ' + JSON.stringify([before, after]));
      before = after;
    }
    await close();
  },

  async 'a telephone shows it without scrolling sideways'({browser, server}) {
    const {page, close} = await open(browser, server, {width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true, at: '#/PACK-2'});
    await live(page);
    await atRest(page);
    await page.getByRole('button', {name: '1\u00a0d', exact: true}).tap();
    await page.locator('.history[data-every="300"][aria-busy="false"]').waitFor();
    assert.ok(await sideways(page) <= 0);
    await page.locator('nav summary').tap();
    await page.getByRole('link', {name: /First pack/}).waitFor();
    assert.ok(await sideways(page) <= 0);
    const small = await page.locator('button:visible, select:visible').evaluateAll(nodes => nodes.filter(n => n.getBoundingClientRect().height < 32).map(n => n.innerText));
    assert.deepEqual(small, [], 'fingers find the buttons');
    await page.locator('nav summary').tap();
    await page.screenshot({path: path.join(folder, 'phone.png'), fullPage: true});
    await close();
  },

  async 'light and dark can be read, and the plots follow a change'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/PACK-1'});
    await shown(page, await post(server, {faults: ['cell_ov'], bms_state: 'FAULT', balancing: record(0).balancing.map((_, i) => i % 4 === 1),
                                          cell_voltage: record(0).cell_voltage.map((v, i) => i === 8 ? 3.702 : v)}));
    await atRest(page);
    const seen = [];
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({colorScheme});
      assert.deepEqual(await faint(page), [], colorScheme);
      seen.push(await page.locator('.plot canvas').first().evaluate(node => node.toDataURL()));
      await page.screenshot({path: path.join(folder, colorScheme + '.png'), fullPage: true});
    }
    assert.notEqual(seen[0], seen[1]);
    await close();
  },

  async 'nothing moves for those who asked for that'({browser, server}) {
    const {page, close} = await open(browser, server, {reducedMotion: 'reduce'});
    await shown(page, await post(server));
    assert.equal(await page.locator('.cells .fill').first().evaluate(node => getComputedStyle(node).transitionDuration), '0s');
    await close();
  },

  async 'headings, names and regions are what a screen reader needs'({browser, server}) {
    const {page, close} = await open(browser, server);
    await shown(page, await post(server));
    await atRest(page);
    const levels = await page.locator('h1, h2, h3').evaluateAll(nodes => nodes.filter(n => n.offsetParent).map(n => Number(n.tagName[1])));
    assert.equal(levels.filter(level => level === 1).length, 1);
    levels.reduce((before, level) => { assert.ok(level <= before + 1, 'no level is skipped'); return level; }, 0);
    assert.equal(await page.locator('nav[aria-label], main, header').count(), 3);
    const nameless = await page.locator('button, select, input').evaluateAll(nodes => nodes.filter(n => n.offsetParent &&
        !(n.getAttribute('aria-label') || n.innerText.trim() || (n.labels && n.labels.length))).map(n => n.outerHTML));
    assert.deepEqual(nameless, []);
    assert.equal(await page.locator('#connection[role="status"]').count(), 1);
    await close();
  },

  async 'axe finds no barrier: the key, a pack with a fault, a telephone, a device without records'({browser, server}) {
    const {page, close} = await open(browser, server, {key: null, at: '#/PACK-2'});
    assert.deepEqual(await barriers(page), []);
    await page.getByLabel('API key').fill(server.key);
    await page.keyboard.press('Enter');
    await shown(page, await post(server, {faults: ['cell_ov'], bms_state: 'FAULT', balancing: record(0).balancing.map(() => true)}, 'PACK-2'));
    await page.getByLabel('Limits of the cells').selectOption('own');
    await page.getByRole('button', {name: '1\u00a0d', exact: true}).click();
    await page.locator('.history[data-every="300"][aria-busy="false"]').waitFor();
    await page.locator('.plots-frame').press('End');
    assert.deepEqual(await barriers(page), []);
    await page.emulateMedia({colorScheme: 'dark'});
    await page.setViewportSize({width: 375, height: 800});
    assert.deepEqual(await barriers(page), []);
    await page.goto(server.origin + '/#/EVIL-1');
    await page.getByRole('heading', {name: 'No records yet'}).waitFor();
    assert.deepEqual(await barriers(page), []);
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

  async 'among two hundred devices one is found, and the list stays where it is'({browser, server}) {
    for (let i = 1; i <= 200; ++i) await server.register('FLEET-' + String(i).padStart(3, '0'), 'Vehicle ' + i);
    const {page, close} = await open(browser, server, {at: '#/FLEET-200'});
    await page.getByRole('heading', {name: 'Vehicle 200', level: 1}).waitFor();
    const chosen = await page.locator('nav a[aria-current]').boundingBox();
    assert.ok(chosen.y >= 0 && chosen.y + chosen.height <= 900, 'the chosen one is in sight');
    assert.ok(await page.evaluate(() => document.documentElement.scrollHeight) < 5000, 'the page is not as long as the list');
    await page.getByLabel('Find a device').focus();
    await page.keyboard.press('Tab');
    assert.ok(await page.locator('nav a[aria-current]').evaluate(node => node === document.activeElement));
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), 'two hundred links are one stop');
    await page.getByLabel('Find a device').fill('vehicle 11');
    assert.equal(await page.locator('nav li').count(), 11);  // 11, 110 to 119
    await page.getByText(/^11 of \d+$/).waitFor();
    await page.evaluate(() => refresh());  // as it does by itself now and then
    assert.equal(await page.getByLabel('Find a device').inputValue(), 'vehicle 11');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {name: 'Vehicle 110', level: 1}).waitFor();
    await page.getByLabel('Find a device').fill('nothing of the sort');
    await page.getByText('No device has this').waitFor();
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

const server = await BenchServer.start(program);
await run(tests, {browser: await launch(), server, end: () => server.end()});
