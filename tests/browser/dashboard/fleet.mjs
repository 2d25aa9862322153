// Many devices on a server with the limits that it has by default; names as long as may be; what the list says of each.
import assert from 'node:assert/strict';
import path from 'node:path';
import {BenchServer, record} from '../bench_server.mjs';
import {barriers, faint, sideways} from '../looks.mjs';
import {open, live, atRest, program, folder} from './page.mjs';

const kMany = 60, kLong = 'C24' + 'x'.repeat(100);
const kWords = ['IDLE', 'CHARGING', 'DISCHARGING', 'PRECHARGE', 'ERROR', 'FAULT_LATCHED', 'MADE_UP'];
const row = (page, id) => page.locator(`nav a[href="#/${id}"]`), now = (page, id) => row(page, id).locator('.now');

// Registers and feeds through a key of its own: the limits are those of a key.
async function fleet(server) {
  for (let i = 0; i < kMany; ++i) {
    const id = 'F-' + String(i).padStart(2, '0');
    await server.register(id, 'Battery storage unit ' + i);
    if (i < 40) await server.post(record(Date.now(), {bms_state: kWords[i % kWords.length], faults: i % kWords.length === 5 ? ['cell_ov', 'otd'] : []}), id);
  }
  await server.register(kLong, 'n'.repeat(128), {model: 'm'.repeat(128), location: 'l'.repeat(256)});
  await server.post(record(Date.now()), kLong);
}
let started = null;
const strict = () => started ??= (async () => {
  const server = await BenchServer.start(program, ['--rate', '0', '--failures', '0']);
  await fleet(server);
  await server.down();
  server.limits = [];
  await server.up();
  server.reader = server.newKey('reader', '--scope', 'devices:read', '--scope', 'telemetry:read');
  return server;
})();
// What the keyboard stands on is not below the header.
const hidden = page => page.evaluate(() => {
  const at = document.activeElement.getBoundingClientRect(), top = document.querySelector('.top'), bar = top.getBoundingClientRect();
  return !top.contains(document.activeElement) && !document.activeElement.matches('.skip, main') && at.bottom > 0 && at.top < bar.bottom - 1 && at.height < innerHeight - bar.height;
});

export const tests = {
  async 'sixty devices do not move the page, and whether the server answers is always in sight'({browser}) {
    const server = await strict();
    for (const [width, height] of [[1280, 900], [360, 740]]) {
      const {page, close} = await open(browser, server, {key: server.reader, width, height, at: '#/F-39', expected: ['ERR_']});
      await live(page);
      await atRest(page);
      assert.equal(await page.evaluate(() => scrollY), 0, 'after the key');
      await page.reload();
      await live(page);
      await atRest(page);
      assert.equal(await page.evaluate(() => scrollY), 0, 'after a reload');
      if (width > 900) {
        const chosen = await row(page, 'F-39').boundingBox(), list = await page.locator('nav').boundingBox();
        assert.ok(chosen.y >= list.y && chosen.y + chosen.height <= height, 'the chosen one is in sight: ' + JSON.stringify(chosen));
      }
      for (let i = 0; i < 30; ++i) {
        await page.keyboard.press('Tab');
        assert.ok(!await hidden(page), 'hidden below the header: ' + await page.evaluate(() => document.activeElement.outerHTML.slice(0, 80)));
      }
      await page.keyboard.press('Control+End');
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await server.down();
      try {
        const gone = page.locator('#connection[data-state="gone"]');
        await gone.waitFor();
        const box = await gone.boundingBox();
        assert.ok(box.y >= 0 && box.y + box.height <= height / 3, JSON.stringify(box));
        assert.ok(await gone.evaluate(node => { const {x, y} = node.firstElementChild.nextElementSibling.getBoundingClientRect(); return node.contains(document.elementFromPoint(x + 5, y + 5)); }), 'nothing lies over it');
        assert.ok(await sideways(page) <= 0);
        await page.screenshot({path: path.join(folder, `fleet_gone_${width}.png`)});
      } finally {
        await server.up();
      }
      await live(page);
      await close();
    }
  },

  async 'the list says state and faults of every device in sight, within the limits of the server'({browser}) {
    const server = await strict();
    const {page, close} = await open(browser, server, {key: server.reader, at: '#/F-00'});  // a 429 would be a complaint
    const asked = [];
    page.on('request', request => { const found = request.url().match(/devices\/([^/]+)\/telemetry\?timeRange=latest/); if (found) asked.push(found[1]); });
    await live(page);
    await now(page, 'F-04').getByText('ERROR').waitFor();
    await now(page, 'F-05').getByText('FAULT LATCHED \u00b7 2 faults').waitFor();
    assert.equal(await now(page, 'F-05').getAttribute('title'), 'Cell over-voltage, Too hot to discharge');
    const color = id => now(page, id).evaluate(node => getComputedStyle(node).color), mark = id => now(page, id).locator('.sign').evaluate(node => getComputedStyle(node, '::after').content);
    assert.equal(await color('F-04'), await color('F-05'), 'ERROR is as bad as FAULT');
    assert.notEqual(await color('F-04'), await color('F-01'));
    assert.deepEqual([await mark('F-04'), await mark('F-05'), await mark('F-01')], ['"!"', '"!"', 'none'], 'not by colour alone');
    assert.equal((await now(page, 'F-30').innerText()).trim(), '', 'nobody is asked whose row is not seen');
    await atRest(page);
    await page.screenshot({path: path.join(folder, 'fleet.png')});
    await row(page, 'F-30').scrollIntoViewIfNeeded();
    await now(page, 'F-30').getByText('DISCHARGING').waitFor();
    const before = asked.length;
    assert.equal(new Set(asked).size, before, 'nobody is asked twice who has sent nothing since');
    await page.evaluate(() => refresh());
    await server.post(record(Date.now(), {bms_state: 'FAULT'}), 'F-30');
    await page.evaluate(() => refresh());
    await now(page, 'F-30').getByText(/^FAULT$/).waitFor();
    assert.deepEqual(asked.slice(before).filter(id => id !== 'F-30' && asked.slice(0, before).includes(id)), []);
    assert.deepEqual(await barriers(page), []);
    await page.emulateMedia({colorScheme: 'dark'});
    assert.deepEqual(await faint(page), []);
    assert.deepEqual(await barriers(page), []);
    await page.screenshot({path: path.join(folder, 'fleet_dark.png')});
    await close();
  },

  async 'a page that is hidden asks for no states'({browser}) {
    const server = await strict();
    const {page, close} = await open(browser, server, {key: server.reader, at: '#/F-00'});
    await now(page, 'F-05').getByText('FAULT').waitFor();
    const turn = state => page.evaluate(state => {
      Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
    await turn('hidden');
    let asked = 0;
    page.on('request', request => { asked += request.url().includes('F-02/telemetry?timeRange=latest'); });
    await server.post(record(Date.now(), {bms_state: 'SLEEP'}), 'F-02');
    await page.evaluate(() => refresh());
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.equal(asked, 0);
    await turn('visible');
    await now(page, 'F-02').getByText('SLEEP').waitFor();
    assert.equal(asked, 1);
    await close();
  },

  async 'every state has a colour of its kind, and ERROR alarms as FAULT does'({browser}) {
    const server = await strict(), looks = {};
    for (const [id, word] of kWords.slice(0, 7).map((word, i) => ['F-0' + i, word])) {
      await server.post(record(Date.now(), {bms_state: word}), id);
      const {page, close} = await open(browser, server, {key: server.reader, at: '#/' + id});
      await page.locator('.live[data-record]').waitFor();
      await atRest(page);
      const tile = page.locator('.tile.state');
      assert.ok((await tile.innerText()).includes(word.replaceAll('_', ' ')));
      looks[word] = {tone: await tile.getAttribute('data-tone'), mark: await tile.locator('.sign').getAttribute('class'), alarm: await page.locator('.faults').getAttribute('data-tone')};
      if (word === 'ERROR') await page.screenshot({path: path.join(folder, 'error.png'), fullPage: true});
      if (word === 'ERROR') assert.ok(await page.locator('.swatch.fault').count(), 'also in its history');
      await close();
    }
    assert.deepEqual(looks.ERROR, looks.FAULT_LATCHED);
    assert.deepEqual(looks.ERROR, {tone: 'bad', mark: 'sign fault', alarm: 'bad'});
    assert.equal(new Set(['IDLE', 'CHARGING', 'DISCHARGING', 'PRECHARGE', 'ERROR', 'MADE_UP'].map(word => looks[word].mark)).size, 6);
  },

  async 'names as long as may be take a few lines of a telephone, and all of them can be read'({browser}) {
    const server = await strict();
    const {page, close} = await open(browser, server, {key: server.reader, at: '#/' + kLong, width: 360, height: 740, isMobile: true, hasTouch: true});
    await live(page);
    await atRest(page);
    const head = () => page.locator('.device-head').evaluate(node => node.getBoundingClientRect().height);
    assert.ok(await head() < 740 / 3, await head() + ' px');
    assert.ok(await page.locator('nav').evaluate(node => node.getBoundingClientRect().height) < 60);
    assert.ok(await sideways(page) <= 0);
    await page.screenshot({path: path.join(folder, 'long_phone.png')});
    assert.deepEqual(await barriers(page), []);
    await page.getByRole('button', {name: 'Show all'}).tap();
    for (const part of await page.locator('.names h1, .names p').all()) assert.ok(await part.evaluate(node => node.scrollHeight <= node.clientHeight + 1));
    assert.ok(await sideways(page) <= 0);
    await page.getByRole('button', {name: 'Show less'}).tap();
    assert.ok(await head() < 740 / 3);
    await page.goto(server.origin + '/#/F-01');
    await page.getByRole('heading', {name: 'Battery storage unit 1', level: 1}).waitFor();
    assert.ok(await page.getByRole('button', {name: 'Show all'}).isHidden(), 'only where something is cut');
    await close();
    await server.end();
  },
};
