// Who gets in: the first steps, the key, and the lack of one.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {BenchServer} from '../bench_server.mjs';
import {sideways} from '../looks.mjs';
import {open, live, shown, post, program, folder} from './page.mjs';

export const tests = {
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
    const readme = fs.readFileSync(new URL('../../../hil/api/README.md', import.meta.url), 'utf8').split('## First steps')[1];
    const server = await BenchServer.plain(program), at = text => text.replaceAll('127.0.0.1:8080', new URL(server.origin).host);
    const [begin, steps] = [...readme.matchAll(/```sh\n(.*?)```/gs)].slice(0, 2).map(found => at(found[1])), [make, serve] = begin.trim().split('\n');
    const paste = text => execFileSync('bash', ['-ec', text], {cwd: server.folder, env: {...process.env, PATH: server.folder + ':' + process.env.PATH}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
    paste(make);
    await server.upBy(serve.split('#')[0].trim().split(' ').slice(1));
    try {
      const [before, revoke] = steps.split(/(?=packbench keys revoke)/), [names] = steps.split('\n');
      const said = paste(before);
      assert.match(said, /^\{"success":true\}\{"success":true,"data":\{"DeviceId":"PACK-1".*\}\}\{"success":true,"accepted":1,"duplicates":0,"rejected":\[\]\}\{"success":true,"data":\[\{"deviceId":"PACK-1".*deviceId,Device_id,.*\r\nPACK-1,First pack,49\.71,3\.31,/s);
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

  async 'a key that is revoked ends the session of its holder'({browser, server}) {
    const key = server.newKey('short');
    const {page, close} = await open(browser, server, {key, expected: ['401']});
    await shown(page, await post(server));
    server.revoke(key);
    await post(server);
    await page.getByRole('alert').filter({hasText: 'does not accept this key'}).waitFor();
    await close();
  },
};
