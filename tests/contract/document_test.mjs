// node document_test.mjs PROGRAM: openapi.yaml is clean by two linters, is what the server gives out, and says of every answer
// of a long conversation what it is.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {ApiServer} from './api_server.mjs';
import {Connection} from './connection.mjs';
import {conversation, kDevice, makeKeys, operations, record} from './conversation.mjs';
import {assertNothingLeaks, Contract, documentFile, readDocument} from './document.mjs';
import {modules, require} from './packages.mjs';
import {Witness} from './witness.mjs';

const program = process.argv[2];
const contract = new Contract(documentFile);

test('the rules of Redocly find nothing', async () => {
  const {createConfig, lint} = require('@redocly/openapi-core');
  const problems = await lint({ref: documentFile, config: await createConfig({extends: ['recommended-strict']})});
  assert.deepEqual(problems.map(one => [one.ruleId, one.message, one.location[0]?.pointer]), []);
});

test('the rules of Spectral find nothing', () => {
  const spectral = path.join(modules, '@stoplight/spectral-cli/dist/index.js');
  const rules = path.join(path.dirname(fileURLToPath(import.meta.url)), 'spectral.yaml');
  const said = execFileSync(process.execPath, [spectral, 'lint', '--ruleset', rules, '--fail-severity', 'hint', '--format', 'text', documentFile], {encoding: 'utf8'});
  assert.match(said, /No results/);
});

test('what the server gives out is the document', async () => {
  const server = await ApiServer.start(program), connection = new Connection(server.origin);
  const answer = await connection.ask({method: 'GET', target: '/openapi.json'});
  connection.close();
  await server.end();
  assert.deepEqual(answer.json, readDocument(documentFile));
});

test('every code of an error that the sources have is in the document, with its status', () => {
  const folder = path.dirname(documentFile), responses = Object.values(contract.tree.components.responses).map(one => one.description).join('\n');
  const codes = fs.readdirSync(folder, {recursive: true}).filter(one => one.endsWith('.cpp')).flatMap(
      file => [...fs.readFileSync(path.join(folder, file), 'utf8').matchAll(/\b(?:simple_problem|refuse)\(\s*\d+,\s*"([a-z_]+)"|\bbad_query\(\s*"([a-z_]+)"/g)].map(found => found[1] ?? found[2]));
  assert.ok(codes.length > 40);
  assert.deepEqual(codes.filter(one => !responses.includes('`' + one + '`')), []);
});

// One that may not grow beyond 400 kB and has a listener for operators.
async function fullServer(witness) {
  const server = await ApiServer.start(program, {most_kB: 400, options: ['--rate', '0', '--failures', '0', '--operations-listen', '127.0.0.1:0']});
  const headers = {ApiKey: server.key, 'Content-Type': 'application/json'};
  const api = new Connection(server.origin), operators = new Connection(server.operations);
  const say = (by, request, expected) => witness.ask(by, request, expected);
  for (const target of ['/healthz', '/readyz', '/metrics']) {
    await say(api, {method: 'GET', target}, {status: 404, code: 'route_not_found'});
    await say(operators, {method: 'GET', target}, {status: 200});
  }
  const device = {deviceId: kDevice, name: 'A', model: 'B', location: 'C'};
  await say(api, {method: 'POST', target: '/v1/devices', headers, body: JSON.stringify(device)}, {status: 201});
  const refused = async request => {
    let answer = await api.ask(request(0));
    for (let i = 1; i < 5000 && answer.status < 300; ++i) answer = await api.ask(request(i));
    witness.check(request(0), answer, {status: 503, code: 'store_unavailable'});
  };
  const batch = JSON.stringify(Array(1000).fill(record()));
  await refused(() => ({method: 'POST', target: `/v1/devices/${kDevice}/telemetry`, headers, body: batch}));
  await refused(i => ({method: 'POST', target: '/v1/devices', headers, body: JSON.stringify({...device, deviceId: 'MORE-' + i})}));
  api.close(), operators.close();
  await server.end();
}

// One that pages of another origin may call.
async function openServer(witness) {
  const origin = 'https://bench.example';
  const server = await ApiServer.start(program, {options: ['--rate', '0', '--failures', '0', '--cors-origin', origin]});
  const connection = new Connection(server.origin), headers = {ApiKey: server.key, Origin: origin};
  const asked = await connection.ask({method: 'OPTIONS', target: '/v1/devices', headers: {Origin: origin, 'Access-Control-Request-Method': 'POST'}});
  assert.equal(asked.status, 204);
  assert.deepEqual(asked.header('Access-Control-Allow-Methods').split(', '), ['GET', 'HEAD', 'POST']);
  for (const [of, status] of [[headers, 200], [{Origin: origin}, 401], [{...headers, Origin: 'https://other.example'}, 200]]) {
    const answer = await connection.ask({method: 'GET', target: '/v1/devices', headers: of});
    assert.equal(answer.header('Access-Control-Allow-Origin'), of.Origin === origin ? origin : undefined);
    answer.fields = answer.fields.filter(([name]) => !name.startsWith('access-control-'));
    witness.check({method: 'GET', target: '/v1/devices', headers: of}, answer, {status});
  }
  connection.close();
  await server.end();
}

// One that lets a key ask once, and an address fail twice.
async function busyServer(witness) {
  const server = await ApiServer.start(program, {options: ['--rate', '1', '--burst', '1', '--failures', '2']});
  const connection = new Connection(server.origin);
  const say = (request, expected) => witness.ask(connection, request, expected);
  const headers = {ApiKey: server.key, 'Content-Type': 'application/json'};
  await say({method: 'GET', target: '/v1/devices', headers}, {status: 200});
  for (const [method, target] of [['GET', '/v1/devices'], ['POST', '/v1/devices'], ['GET', `/v1/devices/${kDevice}`], ['GET', `/v1/devices/${kDevice}/telemetry`], ['POST', `/v1/devices/${kDevice}/telemetry`],
                                  ['GET', `/v1/devices/${kDevice}/telemetry/live`]]) {
    await say({method, target, headers, body: method === 'POST' ? '{}' : undefined}, {status: 429, code: 'too_many_requests'});
  }
  for (const status of [401, 401, 429]) await say({method: 'GET', target: '/v1/devices', headers: {ApiKey: 'wrong'}}, {status});
  connection.close();
  await server.end();
}

test('every answer of a conversation is in the document, and all of the document is in the conversation', async () => {
  const server = await ApiServer.start(program), connection = new Connection(server.origin), keys = makeKeys(server);
  const witness = new Witness(contract, server.origin, Object.values(keys));
  const say = (request, expected) => witness.ask(connection, request, expected);
  const follow = async request => {
    const stream = new Connection(server.origin), answer = await stream.follow(request, '\n\n');
    stream.close();
    witness.check(request, answer, {status: 200});
    const [, id, data] = /^id: (.*)\nevent: record\ndata: (.*)\n\n$/.exec(answer.text);
    const event = JSON.parse(data);
    assert.deepEqual(contract.faults({$ref: '#/components/schemas/Record'}, event), []);
    assert.equal(event.id, id);
  };
  await conversation(say, keys, contract, follow);
  await operations(say);
  for (const target of ['//', '/v1', '/v1/devices/', '/v2/devices', '/v1/devices/' + kDevice + '/', '/%2e%2e/devices', '/v1/devices/../devices']) {
    await say({method: 'GET', target, headers: {ApiKey: server.key}}, {status: 404});
  }
  connection.close();
  await server.end();
  assertNothingLeaks(server.log.replaceAll(server.folder, ''), Object.values(keys));
  await fullServer(witness);
  await openServer(witness);
  await busyServer(witness);
  console.log(`${witness.answers} answers, ${witness.seen.size} pairs of operation and status; not provoked here: ${witness.unseen().join(', ')}`);
  // A fault of the server; a request that is not complete in 30 s; HTTP that is none; a store that does not answer a reader.
  const elsewhere = /(500|408)$|^(getContract|getHealth|getReadiness|getMetrics) (400|404)$|^(listDevices|getDevice|getTelemetry|followTelemetry|getReadiness|getMetrics) 503$/;
  assert.deepEqual(witness.unseen().filter(one => !elsewhere.test(one)), []);
});
