// node proxy_test.mjs PROGRAM: the conversation through a validating proxy (Prism), which reads the document by itself.
//
// Right requests go through a proxy with --errors, which turns any violation, of the request or its answer, into an error of its
// own. Requests that are wrong on purpose, and those of operators (which have another base), go through ones that only report: what
// is right must be without a report, and of what is wrong the answer must be.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import {ApiServer} from './api_server.mjs';
import {Connection, curl} from './connection.mjs';
import {conversation, makeKeys, operations} from './conversation.mjs';
import {Contract, documentFile} from './document.mjs';
import {modules} from './packages.mjs';
import {freePort, started} from '../servers.mjs';

const program = process.argv[2];
const contract = new Contract(documentFile);

class Proxy {
  static async start(upstream, ...more) {
    const proxy = new Proxy(), port = await freePort();
    const prism = path.join(modules, '@stoplight/prism-cli/dist/index.js');
    const words = [prism, 'proxy', '--host', '127.0.0.1', '--port', String(port), ...more, documentFile, upstream];
    proxy.process = await started(process.execPath, words, line => line.includes('is listening on'));
    for (const one of [proxy.process, proxy.process.stdout, proxy.process.stderr]) one.unref();
    proxy.connection = new Connection('http://127.0.0.1:' + port);
    return proxy;
  }
  end() {
    this.connection.close();
    this.process.kill('SIGKILL');
  }
}

const violations = answer => {
  const text = answer.header('sl-violations');
  assert.ok(!text?.startsWith('Too many'), 'more violations than the proxy can say');
  return text ? JSON.parse(text).map(one => one.location.join('.') + ': ' + one.message) : [];
};

// The proxy reads bodies as JSON and writes them anew, has a limit of its own for headers, and no HEAD: what is about bytes does
// not reach the server through it, nor a report that is too long for a header come back. document_test asks these directly.
const kAboutBytes = ['malformed_json', 'duplicate_key', 'number_overflow', 'too_many_members', 'too_many_values', 'long_key', 'header_too_large', 'body_too_large'];
const carried = (request, expected) => !expected.bytes && request.method !== 'HEAD' && !kAboutBytes.includes(expected.code);

test('a proxy that reads the document finds no answer that breaks it', async () => {
  const server = await ApiServer.start(program), keys = makeKeys(server);
  const api = server.origin + '/v1';
  const [strict, lenient, root] = await Promise.all([Proxy.start(api, '--errors'), Proxy.start(api), Proxy.start(server.origin)]);
  const count = {right: 0, wrong: 0, found: 0, direct: 0};
  const direct = new Connection(server.origin);
  const say = async (request, expected) => {
    if (!carried(request, expected)) {
      ++count.direct;
      return direct.ask(request);
    }
    const of = request.target.startsWith('/v1/') ? expected.wrong ? lenient : strict : root;
    const answer = await of.connection.ask({...request, target: of === root ? request.target : request.target.slice('/v1'.length)});
    const said = `${curl(server.origin, request).slice(0, 2000)}\n${answer.status} ${answer.text.slice(0, 2000)}`;
    assert.ok(answer.header('X-Request-Id'), 'the server has not seen\n' + said);
    assert.equal(answer.status, expected.status, said);
    const found = violations(answer);
    assert.deepEqual(expected.wrong ? found.filter(one => one.startsWith('response')) : found, [], said);
    ++count[expected.wrong ? 'wrong' : 'right'];
    if (found.length > 0) ++count.found;
    return answer;
  };
  await conversation(say, keys, contract);
  await operations(say);
  direct.close();
  for (const one of [strict, lenient, root]) one.end();
  await server.end();
  console.log(`${count.right} right requests and ${count.wrong} wrong ones through the proxy, which found ${count.found} of these wrong by itself; ${count.direct} past it`);
  assert.ok(count.right > 60 && count.wrong > 80 && count.found > 40);
});
