// A real server of the Device API on a store of its own, and keys made as a person makes them.
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import {Store, started} from '../servers.mjs';

const kMemory = '/dev/shm';  // these tests ask what is answered, not whether it outlives a loss of power

export class ApiServer extends Store {
  // most_kB: what a file of the server may grow to.
  static async start(program, {options = ['--rate', '0', '--failures', '0'], most_kB = 'unlimited'} = {}) {
    const server = new ApiServer(program, fs.existsSync(kMemory) ? kMemory : os.tmpdir(), 'contract_test');
    server.log = '';
    server.key = server.newKey('all');
    const limited = ['-c', 'ulimit -f "$1"; shift; exec "$@"', 'sh', most_kB === 'unlimited' ? most_kB : String(2 * most_kB)];
    const serve = [program, 'serve', '--listen', '127.0.0.1:0', '--store', server.store, ...options];
    server.process = await started('sh', [...limited, ...serve], line => server.understand(line), {heard: said => { server.log += said; }});
    if (!server.origin) throw new Error('the server did not start:\n' + server.log);
    for (const one of [server.process, server.process.stdout, server.process.stderr]) one.unref();  // a test that failed ends without it
    return server;
  }

  // True for the last line that says where it is.
  understand(line) {
    const [, name, url] = /^(The Device API listens on|Health and metrics are at|The dashboard is at) (http\S+)/.exec(line) ?? [];
    if (name?.startsWith('The Device')) this.origin = new URL(url).origin;
    if (name?.startsWith('Health')) this.operations = new URL(url).origin;
    return name?.startsWith('The dash');
  }

  // Ends as an operator would; the server must have lived until then.
  async end() {
    if (this.process.exitCode !== null) throw new Error('the server ended by itself with ' + this.process.exitCode + ':\n' + this.log.slice(-2000));
    this.process.ref();
    this.process.kill('SIGTERM');
    const [code] = await once(this.process, 'exit');
    this.remove();
    if (code !== 0) throw new Error('the server ended with ' + code + ':\n' + this.log.slice(-2000));
  }
}
