// For everybody: keyboard, telephone, light and dark, motion, screen readers.
import assert from 'node:assert/strict';
import path from 'node:path';
import {record} from '../bench_server.mjs';
import {barriers, faint, sideways} from '../looks.mjs';
import {open, live, shown, atRest, history, moved, post, folder} from './page.mjs';

export const tests = {
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
};
