// node dashboard_test.mjs PACKBENCH FOLDER: the dashboard as a person uses it, on a real server with a real store. Leaves
// screenshots in FOLDER. One server and one browser for all of them, in this order: later tests find what earlier ones left.
import {BenchServer} from './bench_server.mjs';
import {launch, run} from './browser.mjs';
import {tests as access} from './dashboard/access.mjs';
import {tests as devices} from './dashboard/devices.mjs';
import {tests as fleet} from './dashboard/fleet.mjs';
import {tests as history} from './dashboard/history.mjs';
import {tests as live} from './dashboard/live.mjs';
import {program} from './dashboard/page.mjs';
import {tests as reach} from './dashboard/reach.mjs';

const server = await BenchServer.start(program);
await run({...access, ...live, ...history, ...reach, ...devices, ...fleet}, {browser: await launch(), server, end: () => server.end()});
