// node keys_test.mjs PROGRAM: every operation with every kind of key is answered as the document's security says, and no key is ever said.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import test from 'node:test';
import {ApiServer} from './api_server.mjs';
import {Connection} from './connection.mjs';
import {kDevice, record} from './conversation.mjs';
import {assertNothingLeaks, Contract, documentFile} from './document.mjs';
import {Witness} from './witness.mjs';

const contract = new Contract(documentFile);
const kScopes = [...contract.tree.components.securitySchemes.ApiKey.description.matchAll(/[a-z]+:(read|write)/g)].map(one => one[0]);

// {kind: {key, scopes or the code of its 401, organization}}
function makeKeys(server, expires_ms) {
  const secret = () => randomBytes(32).toString('hex');
  const keys = {
    none: {code: 'key_missing'}, empty: {key: '', code: 'key_invalid'}, malformed: {key: 'not a key', code: 'key_invalid'}, long: {key: 'x'.repeat(4000), code: 'key_invalid'},
    unknown: {key: randomBytes(6).toString('hex') + '.' + secret(), code: 'key_invalid'}, wrongSecret: {key: server.key.split('.')[0] + '.' + secret(), code: 'key_invalid'},
    upperCase: {key: server.key.toUpperCase(), code: 'key_invalid'}, idAlone: {key: server.key.split('.')[0], code: 'key_invalid'}, secretAlone: {key: server.key.split('.')[1], code: 'key_invalid'},
    revoked: {key: server.newKey('revoked'), code: 'key_invalid'}, expired: {key: server.newKey('expired', '--expires', new Date(expires_ms).toISOString()), code: 'key_invalid'},
    later: {key: server.newKey('later', '--expires', '2999-01-01'), scopes: kScopes}, all: {key: server.key, scopes: kScopes},
    other: {key: server.newKey('other', '--organization', '2'), scopes: kScopes, organization: 2},
  };
  for (const scope of kScopes) keys[scope] = {key: server.newKey(scope, '--scope', scope), scopes: [scope]};
  return keys;
}

// What the document says of the operation for a key of this kind.
function expectation({needsKey, scope, path, method}, {scopes, code, organization}) {
  if (!needsKey) return {status: 200};
  if (code) return {status: 401, code};
  if (!scopes.includes(scope)) return {status: 403, code: 'scope_missing'};
  if (organization && path.includes('{deviceId}')) return {status: 404, code: 'device_not_found'};
  return {status: method === 'POST' && path.endsWith('/devices') ? 201 : 200};
}

test('an operation is open to the keys that the document says, and to no other', async () => {
  const server = await ApiServer.start(process.argv[2]), expires_ms = Date.now() + 2000, keys = makeKeys(server, expires_ms);
  const said = Object.values(keys).flatMap(one => one.key ? [one.key, ...one.key.split('.')] : []).filter(one => one.length > 12);
  const witness = new Witness(contract, server.origin, said), connection = new Connection(server.origin);
  let serial = 0;
  const body = operation => JSON.stringify(operation.id === 'addDevice' ? {deviceId: 'NEW-' + ++serial, name: 'A', model: 'B', location: 'C'} : record());
  const json = {'Content-Type': 'application/json'};
  await witness.ask(connection, {method: 'POST', target: '/v1/devices', headers: {ApiKey: server.key, ...json}, body: JSON.stringify({deviceId: kDevice, name: 'A', model: 'B', location: 'C'})},
                    {status: 201});
  await witness.ask(connection, {method: 'GET', target: '/v1/devices', headers: {ApiKey: keys.revoked.key}}, {status: 200});
  server.revoke(keys.revoked.key);
  while (Date.now() <= expires_ms) await new Promise(resolve => setTimeout(resolve, expires_ms + 1 - Date.now()));

  assert.equal(kScopes.length, 4);
  for (const operation of contract.operations) {
    for (const key of Object.values(keys)) {
      for (const method of operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method]) {
        const headers = {...(key.key === undefined ? {} : {ApiKey: key.key}), ...(method === 'POST' ? json : {})};
        const {status, code} = expectation(operation, key);
        const answer = await witness.ask(connection, {method, target: operation.path.replace('{deviceId}', kDevice), headers, body: method === 'POST' ? body(operation) : undefined},
                                         {status, code: method === 'HEAD' ? undefined : code});
        if (key === keys.other && operation.id === 'listDevices' && method === 'GET') assert.deepEqual(answer.json.data, []);
      }
    }
  }
  await witness.ask(connection, {method: 'GET', target: '/v1/devices?ApiKey=' + server.key}, {status: 401, code: 'key_missing'});
  connection.close();
  await server.end();
  assertNothingLeaks(server.log.replaceAll(server.folder, ''), said);
  console.log(`${witness.answers} answers`);
});
