// node property_test.mjs PROGRAM [SEED [REQUESTS]]: requests made from the document against a real server. A request that fails is shrunk and
// printed as a line of curl; the seed that is printed makes the same requests again.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ApiServer} from './api_server.mjs';
import {fc, hostile, nearly, valid} from './arbitraries.mjs';
import {Connection} from './connection.mjs';
import {assertNothingLeaks, Contract, documentFile} from './document.mjs';
import {DeviceModel} from './model.mjs';
import {play, script} from './play.mjs';
import {rounded, refusal} from './refusal.mjs';
import {Witness} from './witness.mjs';

const [program, seedText = '5', requestsText = '10000'] = process.argv.slice(2);
const seed = Number(seedText), kRequests = Number(requestsText);
const contract = new Contract(documentFile);
const server = await ApiServer.start(program), connection = new Connection(server.origin);
const witness = new Witness(contract, server.origin, [server.key]);
const headers = {ApiKey: server.key, 'Content-Type': 'application/json'};
const ask = (request, expected) => witness.ask(connection, request, expected);
const begun = Date.now();
console.log(`seed ${seed}`);

// Devices that everybody may use; one takes three cells only.
const devices = [{deviceId: 'GIVEN-1', name: 'A'}, {deviceId: 'GIVEN-2', name: 'Ü', cellCount: 3}].map(one => ({...one, model: 'M', location: 'L'}));
for (const device of devices) await ask({method: 'POST', target: '/v1/devices', headers, body: JSON.stringify(device)}, {status: 201});

// Runs a law on what is made; what breaks it is shrunk and told as lines of curl.
async function check(made, runs, law) {
  const told = async value => {
    witness.talk = [];
    try {
      await law(value);
    } catch (error) {
      throw new Error(`${error.message}\nin\n${witness.talk.slice(-30).join('\n')}`);
    }
  };
  const found = await fc.check(fc.asyncProperty(made, told), {seed, numRuns: runs});
  if (found.failed) assert.fail(`seed ${found.seed}, after ${found.numRuns} runs and ${found.numShrinks} steps of shrinking: ${found.errorInstance?.message ?? 'interrupted'}`);
}

// One request of an operation: {operation, device, query: [[name, value]], headers, body}.
function requestOf(operation) {
  const parameters = where => operation.parameters.filter(one => one.in === where);
  const device = fc.oneof({weight: 6, arbitrary: fc.constantFrom(...devices.map(one => one.deviceId))}, valid(contract, contract.tree.components.schemas.DeviceId));
  const values = parameters('query').map(one => fc.tuple(fc.constant(one.name), valid(contract, one.schema).map(String)));
  const right = values.length ? fc.subarray(values.map((_, i) => i)).chain(some => fc.tuple(...some.map(i => values[i]))) : fc.constant([]);
  const spoilt = right.chain(all => fc.tuple(fc.constantFrom('repeat', 'unknown', 'value'), fc.nat(9), fc.string({maxLength: 12})).map(([how, at, odd]) => {
    if (how === 'unknown' || all.length === 0) return [...all, [odd || 'x', odd]];
    return how === 'repeat' ? [...all, all[at % all.length]] : all.map((one, i) => i === at % all.length ? [one[0], odd] : one);
  }));
  const extra = fc.record(Object.fromEntries(parameters('header').map(one => [one.name, valid(contract, one.schema).map(text => text.replace(/[^ -~]/g, 'u').trim() || 'u')])), {requiredKeys: []});
  const body = operation.body ? bodyOf(operation) : fc.constant(undefined);
  return fc.record({operation: fc.constant(operation), device, query: fc.oneof({weight: 2, arbitrary: right}, spoilt), extra, body});
}
function bodyOf(operation) {
  const good = valid(contract, operation.body.content['application/json'].schema);
  return fc.oneof({weight: 2, arbitrary: good}, good.chain(nearly));
}

const rawQuery = query => query.length ? '?' + query.map(([name, value]) => encodeURIComponent(name) + '=' + encodeURIComponent(value)).join('&') : '';
const rawRequest = ({operation, device, query, extra, body}) => ({
  method: operation.method, target: operation.path.replace('{deviceId}', encodeURIComponent(device)) + rawQuery(query), headers: {...headers, ...extra},
  body: body === undefined ? undefined : JSON.stringify(body)});

// Whether the document refuses the query: a name it does not have, one twice, a value that its schema does not allow.
function refusesQuery({operation, query}) {
  return query.some(([name, value], i) => {
    const parameter = operation.parameters.find(one => one.in === 'query' && one.name === name);
    if (!parameter || query.findIndex(one => one[0] === name) < i) return true;
    const schema = contract.resolve(parameter.schema);
    return contract.faults(schema, schema.type === 'integer' && /^\d+$/.test(value) ? Number(value) : value).length > 0;
  });
}

const reads = ['listDevices', 'getDevice', 'getTelemetry', 'followTelemetry'], writes = ['addDevice', 'putTelemetry'];
const operation = ids => fc.oneof(...ids.map(id => requestOf(contract.operation(id))));

test('a query that the document refuses is 400, and no other', async () => {
  await check(operation(reads), Math.floor(kRequests * 0.2), async asked => {
    const {status, text} = await ask(rawRequest(asked));
    if (refusesQuery(asked)) return assert.equal(status, 400, rawRequest(asked).target + '\n' + text);
    // Beyond schemas: days that do not exist, combinations, windows that are empty or too long, cursors of another query.
    const beyond = /invalid_time|invalid_range|range_too_large|conflicting_parameters|missing_start|missing_every|invalid_every|invalid_cursor/;
    const known = devices.some(one => one.deviceId === asked.device) || !asked.operation.path.includes('{');
    assert.ok(status === 400 ? beyond.test(text) : known ? [200, 304].includes(status) : status === 404, rawRequest(asked).target + '\n' + text);
  });
});

test('a body is accepted exactly when the document accepts it', async () => {
  const added = new Map(devices.map(one => [one.deviceId, one]));
  await check(operation(writes), Math.floor(kRequests * 0.25), async asked => {
    const {operation: {id, body}, device} = asked, request = rawRequest({...asked, query: [], extra: {}});
    const {status, text} = await ask(request);
    const to = added.get(device);
    if (id === 'putTelemetry' && !to) return assert.equal(status, 404);
    const faults = contract.faults(body.content['application/json'].schema, rounded(asked.body));
    const reason = faults.length === 0 ? refusal(id, asked.body, to) : faults.join(', ');
    const good = id === 'addDevice' ? added.has(asked.body?.deviceId) ? 409 : 201 : 200;
    if (status === 201) added.set(asked.body.deviceId, asked.body);
    assert.equal(status, reason ? 422 : good, `${request.body}\n${reason}\n${text}`);
  });
});

test('a store holds what the model holds, and gives it out as the model does', async () => {
  let run = 0;
  await check(script, Math.floor(kRequests * 0.015), async steps => {
    const deviceId = `MODEL-${++run}`;
    await ask({method: 'POST', target: '/v1/devices', headers, body: JSON.stringify({...devices[0], deviceId, name: 'Model'})}, {status: 201});
    await play(steps, new DeviceModel(deviceId, 'Model'), ask, headers);
  });
});

test('whatever is sent, the answer is in the document and the next one too', async () => {
  const left = kRequests - connection.requests;
  assert.ok(left > 0);
  await check(hostile(contract, headers, devices.map(one => one.deviceId)), left, request => ask(request));
});

test('the server is as it was, and its log holds no key', async () => {
  const {text} = await ask({method: 'GET', target: '/metrics'}, {status: 200});
  assert.doesNotMatch(text, /code="500"/);
  connection.close();
  await server.end();
  assertNothingLeaks(server.log.replaceAll(server.folder, ''), [server.key]);
  console.log(`${connection.requests} requests in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  assert.ok(connection.requests >= kRequests);
});
