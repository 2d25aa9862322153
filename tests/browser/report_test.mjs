// node report_test.mjs WRITE_EXAMPLE_REPORT FOLDER: the report as a person sees it. Leaves screenshots in FOLDER.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {launch, openPage, run} from './browser.mjs';
import {faint, inked, sideways} from './looks.mjs';

const [writer, folder] = process.argv.slice(2);
fs.mkdirSync(folder, {recursive: true});
execFileSync(writer, [folder]);
execFileSync(writer, [path.join(folder, 'long'), '50']);
const report = path.join(folder, 'report.html');
const longReport = path.join(folder, 'long', 'report.html');

const drawn = scope => scope.locator('.plots[data-drawn="yes"]');

const tests = {
  async 'the verdict is said first, in words'({browser}) {
    const {page, complaints, close} = await openPage(browser, report);
    assert.equal(await page.locator('h1').innerText(), 'FAIL');
    assert.match(await page.title(), /^fail/);
    assert.match(await page.locator('.verdict .sentence').innerText(), /^1 of 5 runs failed/);
    const box = await page.locator('h1').boundingBox();
    assert.ok(box.y < 120, 'at the top');
    assert.match(await page.locator('.why').innerText(), /5400 ms after the trigger/);
    assert.deepEqual(complaints, []);
    await close();
  },

  async 'what went wrong is open, what went well is closed, in that order'({browser}) {
    const {page, complaints, close} = await openPage(browser, report);
    const runs = await page.locator('details.run').evaluateAll(nodes => nodes.map(n => [n.dataset.verdict, n.open]));
    assert.deepEqual(runs, [['fail', true], ['inconclusive', true], ['skipped', false], ['pass', false], ['pass', false]]);
    const row = page.locator('details.run').first().locator('tbody tr').first();
    for (const text of ['charging stops in time', 'OV-2', '\u22123100\u00a0ms', '5400\u00a0ms', '2300\u00a0ms', 'when: max(sensed.cell_voltage)']) {
      assert.ok((await row.innerText()).includes(text), text);
    }
    assert.match(await page.locator('details.run').first().locator('.command code').innerText(), /--defect slow_ov/);
    assert.deepEqual(complaints, []);
    await close();
  },

  async 'a marginal pass is flagged'({browser}) {
    const {page, complaints, close} = await openPage(browser, report);
    await page.locator('details.run', {hasText: 'steady discharge'}).locator('summary').click();
    await page.locator('td .marginal').first().waitFor();  // a run's body is made when it is opened
    assert.equal(await page.locator('td .marginal').count(), 1);
    assert.match(await page.locator('.counts').innerText(), /1 marginal check/);
    assert.deepEqual(complaints, []);
    await close();
  },

  async 'requirements without a judged run are NOT COVERED'({browser}) {
    const {page, close} = await openPage(browser, report);
    const rows = await page.locator('#coverage tbody tr').evaluateAll(nodes => nodes.map(n => n.innerText));
    assert.match(rows.find(text => text.includes('UV-1')), /NOT COVERED/i);
    assert.match(rows.find(text => text.includes('SYS-1')), /NOT COVERED/i);
    assert.match(rows.find(text => text.includes('OV-2')), /FAIL/i);
    await close();
  },

  async 'text from a device is shown and never run'({browser}) {
    const {page, complaints, close} = await openPage(browser, report);
    const run = page.locator('details.run', {hasText: 'boot and precharge'});
    assert.match(await run.locator('.notes').innerText(), /<\/script><script>alert\(1\)<\/script>/);
    assert.deepEqual(complaints, []);
    await close();
  },

  async 'plots are drawn, zoom together, and offer every cell'({browser}) {
    const {page, complaints, close} = await openPage(browser, report);
    const run = page.locator('details.run').first();
    await run.locator('.plots').scrollIntoViewIfNeeded();
    await drawn(run).waitFor();
    const canvases = run.locator('.plots canvas');
    assert.equal(await canvases.count(), 6);
    for (let i = 0; i < 6; ++i) assert.ok(await inked(canvases.nth(i)) > 0.01, 'plot ' + i + ' is not blank');
    const legend = await run.locator('.u-legend').first().innerText();
    for (const view of ['truth', 'sensed', 'device', 'api']) assert.ok(legend.includes(view), view);

    const before = await Promise.all([0, 1, 5].map(i => canvases.nth(i).evaluate(node => node.toDataURL())));
    const over = run.locator('.u-over').first();
    await over.scrollIntoViewIfNeeded();
    const box = await over.boundingBox();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, {steps: 4});
    await page.mouse.up();
    const after = await Promise.all([0, 1, 5].map(i => canvases.nth(i).evaluate(node => node.toDataURL())));
    for (let i = 0; i < 3; ++i) assert.notEqual(before[i], after[i], 'plot ' + i + ' zoomed');
    assert.match(await run.locator('.readout').innerText(), /BMS state \(device\)/);
    await page.screenshot({path: path.join(folder, 'zoomed.png')});

    await run.getByRole('button', {name: 'Whole run'}).click();
    await run.getByRole('button', {name: 'all truth'}).first().click();
    await page.locator('.u-legend', {hasText: 'cell 15'}).first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  },

  async 'light and dark can be read'({browser}) {
    for (const colorScheme of ['light', 'dark']) {
      const {page, complaints, close} = await openPage(browser, report, {colorScheme});
      await page.locator('.plots').first().scrollIntoViewIfNeeded();
      await drawn(page).first().waitFor();
      assert.deepEqual(await faint(page), [], colorScheme);
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(paper === 'rgb(255, 255, 255)', colorScheme === 'light');
      await page.screenshot({path: path.join(folder, colorScheme + '.png'), fullPage: true});
      assert.deepEqual(complaints, []);
      await close();
    }
  },

  async 'a telephone shows it without scrolling sideways'({browser}) {
    const {page, complaints, close} = await openPage(browser, report, {width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true});
    const closed = page.locator('details.run:not([open]) > summary');
    while (await closed.count()) await closed.first().click();
    await page.locator('.plots').first().scrollIntoViewIfNeeded();
    await drawn(page).first().waitFor();
    assert.ok(await sideways(page) <= 0);
    await page.screenshot({path: path.join(folder, 'phone.png'), fullPage: true});
    assert.deepEqual(complaints, []);
    await close();
  },

  async 'headings and tables have the structure that a screen reader needs'({browser}) {
    const {page, close} = await openPage(browser, report);
    const levels = await page.locator('h1, h2, h3').evaluateAll(nodes => nodes.map(n => Number(n.tagName[1])));
    assert.equal(levels.filter(level => level === 1).length, 1);
    levels.reduce((before, level) => { assert.ok(level <= before + 1, 'no level is skipped'); return level; }, 0);
    assert.equal(await page.locator('th:not([scope])').filter({hasNot: page.locator('.u-marker')}).count(), 0);
    assert.equal(await page.locator('html[lang]').count(), 1);
    await close();
  },

  async 'fifty runs stay quick: nothing is drawn before it is looked at'({browser}) {
    const {page, complaints, close} = await openPage(browser, longReport);
    assert.equal(await page.locator('details.run').count(), 50);
    assert.ok(await page.locator('.plots').count() <= 1, 'closed runs have no body yet');
    await page.locator('details.run > summary').nth(30).click();
    const run = page.locator('details.run').nth(30);
    await run.locator('.plots').scrollIntoViewIfNeeded();
    await drawn(run).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  },
};

await run(tests, {browser: await launch()});
