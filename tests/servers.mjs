// Servers as processes of a test: a port, a store with keys that are made as a person makes them, and the word that they listen.
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';

// A port of this machine that nobody has at the moment, for a server that is to be found there again.
export async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const {port} = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

// The process, once it has said a line for which `ready` is true; it ends with the test, also when that fails. `heard` gets all that
// it says, then and later.
export async function started(command, words, ready, {heard = () => {}, ...options} = {}) {
  const child = spawn(command, words, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
  process.once('exit', () => child.kill('SIGKILL'));
  child.stderr?.on('data', piece => heard(String(piece)));
  for await (const line of readline.createInterface({input: child.stdout})) {
    heard(line + '\n');
    if (ready(line)) break;
  }
  child.stdout.on('data', piece => heard(String(piece)));
  child.stdout.resume();
  return child;
}

// A new folder with a store, for `program`.
export class Store {
  constructor(program, parent, name) {
    this.program = program;
    this.folder = fs.mkdtempSync(path.join(parent, name + '_'));
    this.store = 'sqlite:' + path.join(this.folder, 'store.db');
  }
  newKey(name, ...more) {
    return execFileSync(this.program, ['keys', 'add', '--store', this.store, '--name', name, ...more], {encoding: 'utf8'}).trim();
  }
  revoke(key) { execFileSync(this.program, ['keys', 'revoke', '--store', this.store, key.split('.')[0]]); }
  remove() { fs.rmSync(this.folder, {recursive: true}); }
}
