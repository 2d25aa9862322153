// A Chromium for tests, and pages that remember everything they should not have done.
import {createRequire} from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.PACKBENCH_NODE_MODULES, 'anchor.js'));
const {chromium} = require('playwright-core');

export async function launch() {
  const executablePath = process.env.PACKBENCH_CHROMIUM;
  if (!executablePath || executablePath.endsWith('NOTFOUND')) {
    throw new Error('No Chromium was found; this test needs one (Debian: apt install chromium).');
  }
  return chromium.launch({executablePath, timeout: 120_000, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync']});
}

// {page, complaints}: complaints collects console errors, exceptions and every request that is not the file itself.
export async function openPage(browser, file, {width = 1280, height = 900, colorScheme = 'light', ...options} = {}) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme, offline: true, ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);  // a busy machine is no failure of the report
  const complaints = [];
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('dialog', dialog => { complaints.push('dialog: ' + dialog.message()); dialog.dismiss(); });
  const url = 'file://' + file;
  page.on('request', request => {
    if (request.url().split('#')[0] !== url && !request.url().startsWith('data:')) complaints.push('request: ' + request.url());
  });
  await page.goto(url);
  return {page, complaints, close: () => context.close()};
}

// Runs every test of {name: test(with)}, whatever becomes of the others, and ends the process.
export async function run(tests, given) {
  let failures = 0;
  for (const [name, test] of Object.entries(tests)) {
    const begun = Date.now();
    try {
      await test(given);
      console.log('ok      ' + name + ' (' + ((Date.now() - begun) / 1000).toFixed(1) + ' s)');
    } catch (error) {
      ++failures;
      console.log('FAILED  ' + name + '\n' + error.stack);
      for (const context of given.browser.contexts()) await context.close();
    }
  }
  await given.browser.close();
  if (given.end) await given.end();
  process.exit(failures ? 1 : 0);
}
