// Several devices: the list, and which one is shown.
import assert from 'node:assert/strict';
import {kDevice} from '../bench_server.mjs';
import {open, post} from './page.mjs';

export const tests = {
  async 'a device of the address that is not there is said, and none is shown in its place'({browser, server}) {
    const {page, close} = await open(browser, server, {at: '#/NOBODY'});
    await page.getByRole('heading', {name: 'There is no device NOBODY'}).waitFor();
    assert.equal(await page.locator('.live').count(), 0);
    await page.getByRole('link', {name: /PACK-2/}).click();
    await page.getByRole('heading', {name: 'Two days', level: 1}).waitFor();
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
};
