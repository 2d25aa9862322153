// A client of HTTP/1.1 that sends exactly the bytes it is told to, over one connection that is kept.
import {once} from 'node:events';
import net from 'node:net';
import zlib from 'node:zlib';

const kPatience_ms = 20_000;  // a busy machine is no failure

export class Answer {
  constructor(status, fields, body) {
    this.status = status;
    this.fields = fields;  // [name in lower case, value]
    this.body = body;
  }
  header(name) { return this.fields.find(([one]) => one === name.toLowerCase())?.[1]; }
  get text() { return (this.header('Content-Encoding') === 'gzip' && this.body.length > 0 ? zlib.gunzipSync(this.body) : this.body).toString('utf8'); }
  get json() { return JSON.parse(this.text); }
}

// The bytes of a request; header values may be any bytes but line ends.
export function requestBytes({method, target, headers = {}, body}) {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: 127.0.0.1'];
  for (const [name, value] of Object.entries(headers)) lines.push(name + ': ' + value);
  const content = body === undefined ? undefined : Buffer.from(body);
  if (content) lines.push('Content-Length: ' + content.length);
  return Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n', 'latin1'), content ?? Buffer.alloc(0)]);
}

const quoted = text => /[^ -~]/.test(text) ? "$'" + text.replace(/[\\']/g, '\\$&').replace(/[^ -~]/g, c => '\\x' + c.charCodeAt(0).toString(16).padStart(2, '0')) + "'"
                                           : "'" + text.replaceAll("'", "'\\''") + "'";

// The same request as a person would repeat it, with the key in a variable.
export function curl(origin, {method, target, headers = {}, body}) {
  const words = ['curl', '-i', '--path-as-is', '-X', method, quoted(origin + target)];
  for (const [name, value] of Object.entries(headers)) {
    words.push('-H', /^[0-9a-f]{12}\.[0-9a-f]{64}$/.test(value) ? `"${name}: $KEY"` : quoted(name + (value === '' ? ';' : ': ' + value)));
  }
  if (body !== undefined) words.push('--data-binary', quoted(Buffer.from(body).toString('latin1')));
  return words.join(' ');
}

export class Connection {
  constructor(origin) {
    const url = new URL(origin);
    this.place = {host: url.hostname, port: Number(url.port)};
    this.requests = 0;
  }

  async #open() {
    const socket = net.connect(this.place);
    socket.setNoDelay(true);
    socket.setTimeout(kPatience_ms, () => socket.destroy(new Error('nothing came for too long')));
    this.socket = socket;
    this.received = Buffer.alloc(0);
    this.error = undefined;
    socket.on('data', piece => {
      if (this.socket === socket) this.received = Buffer.concat([this.received, piece]);
      this.wake?.();
    });
    socket.on('error', error => { this.error = error; });
    socket.on('close', () => this.wake?.());
    await once(socket, 'connect');
  }
  get closed() { return !this.socket || this.socket.destroyed || this.socket.readableEnded; }
  async #more() {
    if (this.closed) throw new Error('the connection ended within an answer', {cause: this.error});
    await new Promise(resolve => { this.wake = resolve; });
  }
  async #line() {
    let at;
    while ((at = this.received.indexOf('\r\n')) < 0) await this.#more();
    const line = this.received.subarray(0, at).toString('latin1');
    this.received = this.received.subarray(at + 2);
    return line;
  }
  async #bytes(count) {
    while (this.received.length < count) await this.#more();
    const bytes = this.received.subarray(0, count);
    this.received = this.received.subarray(count);
    return bytes;
  }
  async #chunks() {
    const chunks = [];
    for (let size; size !== 0; await this.#line()) {
      size = parseInt(await this.#line(), 16);
      if (size > 0) chunks.push(Buffer.from(await this.#bytes(size)));
    }
    return Buffer.concat(chunks);
  }
  async #head() {
    const status = Number((await this.#line()).split(' ')[1]);
    const fields = [];
    for (let line; (line = await this.#line()) !== '';) fields.push([line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
    return new Answer(status, fields, Buffer.alloc(0));
  }

  async ask(request) {
    if (this.closed) await this.#open();
    this.socket.write(requestBytes(request));
    ++this.requests;
    const answer = await this.#head();
    const sized = request.method !== 'HEAD' && answer.status !== 304 && answer.status !== 204;
    if (sized && answer.header('Transfer-Encoding') === 'chunked') answer.body = await this.#chunks();
    else if (sized && answer.header('Content-Length')) answer.body = await this.#bytes(Number(answer.header('Content-Length')));
    if (answer.header('Connection') === 'close') this.close();
    const endless = answer.header('Content-Type') === 'text/event-stream';
    if (this.received.length > 0 && !endless) throw new Error('there is more than one answer: ' + this.received.toString('latin1'));
    return answer;
  }
  // The head of an answer that goes on, and its text once it holds `until`.
  async follow(request, until) {
    if (this.closed) await this.#open();
    this.socket.write(requestBytes(request));
    ++this.requests;
    const answer = await this.#head();
    while (answer.status === 200 && !this.received.includes(until)) await this.#more();
    answer.body = this.received;
    return answer;
  }
  close() { this.socket?.destroy(); }
}
