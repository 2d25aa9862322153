// A real server of the Device API on a store of its own, and keys made as a person makes them.
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const kMemory = '/dev/shm';  // these tests ask what is answered, not whether it outlives a loss of power

export class ApiServer {
  // most_kB: what a file of the server may grow to.
  static async start(program, {options = ['--rate', '0', '--failures', '0'], most_kB = 'unlimited'} = {}) {
    const server = new ApiServer();
    server.program = program;
    server.folder = fs.mkdtempSync(path.join(fs.existsSync(kMemory) ? kMemory : os.tmpdir(), 'contract_test_'));
    server.store = 'sqlite:' + path.join(server.folder, 'store.db');
    server.log = '';
    server.key = server.newKey('all');
    server.process = spawn('sh', ['-c', 'ulimit -f "$1"; shift; exec "$@"', 'sh', most_kB === 'unlimited' ? most_kB : String(2 * most_kB), program, 'serve',
                                  '--listen', '127.0.0.1:0', '--store', server.store, ...options], {stdio: ['ignore', 'pipe', 'pipe']});
    const started = server.process;
    process.once('exit', () => started.kill('SIGKILL'));  // also when the test itself fails
    started.stderr.on('data', piece => { server.log += piece; });
    for await (const line of readline.createInterface({input: started.stdout})) {
      server.log += line + '\n';
      const [, name, url] = /^(The Device API listens on|Health and metrics are at|The dashboard is at) (http\S+)/.exec(line) ?? [];
      if (name?.startsWith('The Device')) server.origin = new URL(url).origin;
      if (name?.startsWith('Health')) server.operations = new URL(url).origin;
      if (name?.startsWith('The dash')) break;
    }
    if (!server.origin) throw new Error('the server did not start:\n' + server.log);
    started.stdout.on('data', piece => { server.log += piece; });
    started.stdout.resume();
    for (const one of [started, started.stdout, started.stderr]) one.unref();  // a test that failed ends without it
    return server;
  }

  newKey(name, ...more) {
    return execFileSync(this.program, ['keys', 'add', '--store', this.store, '--name', name, ...more], {encoding: 'utf8'}).trim();
  }
  revoke(key) { execFileSync(this.program, ['keys', 'revoke', '--store', this.store, key.split('.')[0]]); }

  // Ends as an operator would; the server must have lived until then.
  async end() {
    if (this.process.exitCode !== null) throw new Error('the server ended by itself with ' + this.process.exitCode + ':\n' + this.log.slice(-2000));
    this.process.ref();
    this.process.kill('SIGTERM');
    const [code] = await once(this.process, 'exit');
    fs.rmSync(this.folder, {recursive: true});
    if (code !== 0) throw new Error('the server ended with ' + code + ':\n' + this.log.slice(-2000));
  }
}
