// node boundary_test.mjs PROGRAM: at both ends of everything that the document bounds, what is accepted comes back as it was, and what
// is refused is pointed at.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ApiServer} from './api_server.mjs';
import {Connection} from './connection.mjs';
import {at, record} from './conversation.mjs';
import {Contract, documentFile} from './document.mjs';
import {instant} from './values.mjs';
import {Witness} from './witness.mjs';

const contract = new Contract(documentFile), schemas = contract.tree.components.schemas;
const server = await ApiServer.start(process.argv[2]), connection = new Connection(server.origin), witness = new Witness(contract, server.origin, [server.key]);
const headers = {ApiKey: server.key, 'Content-Type': 'application/json'};
const send = (target, body) => witness.ask(connection, {method: 'POST', target, headers, body});
const kTarget = '/v1/devices/EDGE/telemetry';
await send('/v1/devices', JSON.stringify({deviceId: 'EDGE', name: 'Edge', model: 'M', location: 'L'}));

// A record as text, some of its members given as the text of their value.
const written = members => {
  const {...all} = Object.fromEntries(Object.entries(record({ts: at(0)})).map(([key, value]) => [key, JSON.stringify(value)]));
  Object.assign(all, members);
  return '{' + Object.entries(all).filter(([, text]) => text !== undefined).map(([key, text]) => JSON.stringify(key) + ':' + text).join(',') + '}';
};
let serial = 0;
// The record that was stored, with its extensions.
async function kept(members) {
  const id = members.id ?? JSON.stringify('edge-' + ++serial), text = written({...members, id}), ts = instant(JSON.parse(members.ts ?? JSON.stringify(at(0)))).ms;
  const answer = await send(kTarget, text);
  assert.equal(answer.text, '{"success":true,"accepted":1,"duplicates":0,"rejected":[]}', text + '\n' + answer.text);
  const query = `?start=${new Date(ts).toISOString()}&end=${new Date(ts + 1).toISOString()}&extended=1&limit=10000`;
  const page = await witness.ask(connection, {method: 'GET', target: kTarget + query, headers}, {status: 200});
  return page.json.data.find(one => one.id === JSON.parse(id));
}
async function refused(members, ...pointers) {
  const answer = await send(kTarget, written(members));
  assert.equal(answer.status, 422, written(members) + '\n' + answer.text);
  assert.deepEqual(answer.json.errors.map(one => one.pointer), pointers, written(members));
}

const kNumbers = {pack_voltage: ['Volts', 4], temperature: ['Celsius', 3], pack_current: ['Amperes', 3], soc: ['Percent', 2], ocv_soc: ['Percent', 2], soh: ['Health', 2]};
// `value` moved by `units` of the digit, as text: exact, as all are below 10^9 units.
const moved = (value, units, digits) => {
  const tenths = Math.round(value * 10 ** digits) * 10 + Math.round(units * 10), size = String(Math.abs(tenths)).padStart(digits + 2, '0');
  return (tenths < 0 ? '-' : '') + size.slice(0, -digits - 1) + '.' + size.slice(-digits - 1);
};

for (const [key, [schema, digits]] of Object.entries(kNumbers)) {
  const {minimum, maximum} = schemas[schema];
  test(`${key} from ${minimum} to ${maximum}, rounded to ${digits} digits`, async () => {
    const shown = async text => (await kept({[key]: text}))[key];
    for (const bound of [minimum, maximum]) assert.equal(await shown(moved(bound, 0, digits)), bound);
    assert.equal(await shown(moved(maximum, 0.4, digits)), maximum);
    assert.equal(await shown(moved(minimum, -0.4, digits)), minimum);
    for (const beyond of [moved(maximum, 0.5, digits), moved(minimum, -0.5, digits), moved(maximum, 1, digits), moved(minimum, -1, digits), '1e300', '-1e300', '1e30', '"1"', 'true', '[]', '{}']) {
      await refused({[key]: beyond}, '/' + key);
    }
    for (let digit = 1; digit <= digits; ++digit) assert.equal(await shown('1.' + '0'.repeat(digit - 1) + '7'), Number('1.' + '0'.repeat(digit - 1) + '7'));
    assert.equal(await shown('1.' + '0'.repeat(digits) + '5'), Number('1.' + '0'.repeat(digits - 1) + '1'));
    for (const zero of ['0', '-0', '-0.0', '0e9', '0.000000000000000000001', '1e-400', '-1e-2000']) assert.equal(Object.is(await shown(zero), 0), true, zero);
    for (const one of ['1', '1.0', '1e0', '10E-1', '0.1e+1', '0.' + '0'.repeat(50) + '1e51']) assert.equal(await shown(one), 1, one);
    assert.equal(await shown('null'), null);
  });
}

test('as many cells, sensors, flags and faults as the document allows', async () => {
  const list = (count, text) => '[' + Array(count).fill(text).join(',') + ']';
  for (const count of [1, 24]) assert.equal((await kept({cell_voltage: list(count, '6.6')})).cell_voltage.length, count);
  for (const bad of [list(0), list(25, '3'), '3', 'null']) await refused({cell_voltage: bad}, '/cell_voltage');
  await refused({cell_voltage: '[3,6.60005,null,-0.00005]'}, '/cell_voltage/1', '/cell_voltage/3');
  assert.deepEqual((await kept({cell_voltage: '[0,6.60004,null,-0.00004]'})).cell_voltage, [0, 6.6, null, 0]);
  for (const [key, most, good] of [['temperatures', 24, '200'], ['balancing', 24, 'true'], ['faults', 64, '"A_1"']]) {
    const cell_voltage = list(24, '3');
    assert.equal((await kept({cell_voltage, [key]: list(most, good)}))[key].length, most);
    assert.deepEqual((await kept({[key]: '[]'}))[key] ?? [], []);
    await refused({cell_voltage, [key]: list(most + 1, good)}, '/' + key);
    await refused({[key]: good}, '/' + key);
  }
  await kept({cell_voltage: '[3,3]', balancing: '[true,true]'});
  await refused({cell_voltage: '[3,3]', balancing: '[true,true,true]'}, '/balancing');
  await refused({temperatures: '[-60.0005,null,200]'}, '/temperatures/0');
  assert.equal((await kept({faults: JSON.stringify(['x'.repeat(64)])})).faults[0].length, 64);
  for (const bad of ['', 'x'.repeat(65), 'a b', 'ü']) await refused({faults: JSON.stringify([bad])}, '/faults');
});

test('texts from the shortest to the longest, in characters', async () => {
  for (const letter of ['x', 'ü', '😀', '"', '\\']) {
    for (const length of [1, 128]) assert.equal((await kept({Device_id: JSON.stringify(letter.repeat(length))})).Device_id, letter.repeat(length));
    await refused({Device_id: JSON.stringify(letter.repeat(129))}, '/Device_id');
  }
  for (const length of [1, 64]) {
    assert.equal((await kept({bms_state: JSON.stringify('A'.repeat(length))})).bms_state.length, length);
    assert.equal((await kept({id: JSON.stringify('~'.repeat(length))})).id.length, length);
  }
  for (const bad of ['""', JSON.stringify('A'.repeat(65)), '"a"', '"1A"', '"A-B"', 'null']) await refused({bms_state: bad}, '/bms_state');
  for (const bad of ['""', JSON.stringify('a'.repeat(65)), '"a b"', '"ü"', '7']) await refused({id: bad}, '/id');
  for (const bad of ['""', 'null', '"a\\u0000"', '"\\n"', '"\\u007f"']) await refused({Device_id: bad}, '/Device_id');
});

test('boot and seq are whole numbers that every reader of JSON keeps', async () => {
  for (const [text, value] of [['0', 0], ['9007199254740991', 2 ** 53 - 1], ['1.0', 1], ['1e3', 1000], ['-0', 0], ['90071992547409910e-1', 2 ** 53 - 1]]) {
    const fresh = ++serial, {boot, seq} = await kept({boot: text, seq: String(fresh)});
    assert.deepEqual([boot, seq], [value, fresh]);
  }
  for (const bad of ['9007199254740992', '-1', '1.5', '1e300', '"1"', 'null', '18446744073709551616']) await refused({boot: '1', seq: bad}, '/seq');
  await refused({boot: '1'}, '/seq');
  await refused({seq: '1'}, '/boot');
});

test('every form of a time stamp, to the ends of the calendar', async () => {
  const digits = '123456789';
  for (let count = 0; count <= 9; ++count) {
    for (const text of [`2024-02-29T23:59:59${count ? '.' + digits.slice(0, count) : ''}Z`, `20240229T235959${count ? '.' + digits.slice(0, count) : ''}+0000`]) {
      assert.equal((await kept({ts: JSON.stringify(text)})).ts, `2024-02-29T23:59:59.${digits.slice(0, Math.min(count, 3)).padEnd(3, '0')}Z`);
    }
  }
  for (const [text, shown] of [['2000-02-29', '2000-02-29T00:00:00.000Z'], ['20000229', '2000-02-29T00:00:00.000Z'], ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
                               ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
                               ['2025-01-01T00:00:00+23:59', '2024-12-31T00:01:00.000Z'], ['2024-12-31t23:59:59.5-23:59', '2025-01-01T23:58:59.500Z'], ['2025-06-30T12:00:00z', '2025-06-30T12:00:00.000Z']]) {
    assert.equal((await kept({ts: JSON.stringify(text)})).ts, shown, text);
  }
  for (const bad of ['2023-02-29', '1900-02-29T00:00:00Z', '2025-04-31', '2025-00-01', '2025-13-01', '2025-01-00', '2025-01-01T24:00:00Z', '2025-01-01T00:60:00Z', '2016-12-31T23:59:60Z',
                     '2025-01-01T00:00:00+24:00', '2025-01-01T00:00:00+00:60', '2025-01-01T00:00:00', '2025-01-01T00:00Z', '2025-01-01T00:00:00.Z', '2025-01-01T00:00:00.1234567890Z',
                     '2025-01-01T00:00:00,5Z', '10000-01-01', '-0001-01-01', '0000-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '9999-12-31T23:59:59.999Z', '', ' 2025-01-01', '1740047045', '2025-W01']) {
    await refused({ts: JSON.stringify(bad)}, '/ts');
  }
  for (const bad of ['1740047045', '1740047045103', 'null']) await refused({ts: bad}, '/ts');
});

test('a measurement time up to a day ahead of the server', async () => {
  const ahead = ms => new Date(Date.now() + 86_400_000 + ms).toISOString(), aMinute = 60_000;
  assert.equal((await kept({ts: JSON.stringify(ahead(-aMinute))})).id, 'edge-' + serial);
  await refused({ts: JSON.stringify(ahead(aMinute))}, '/ts');
});

test('a batch of 1 to 1000, and every wrong place of it', async () => {
  const batch = (count, text = written({})) => send(kTarget, '[' + Array(count).fill(text).join(',') + ']');
  assert.equal((await batch(1)).json.accepted, 1);
  assert.equal((await batch(1000)).json.accepted, 1000);
  for (const count of [0, 1001]) assert.deepEqual((await batch(count)).json.errors.map(one => one.pointer), ['']);
  const mixed = await send(kTarget, `[${written({})},${written({soc: '-1', bms_state: undefined})},7,${written({cell_voltage: '[1,9]', 'a/b~': '1'})}]`);
  assert.deepEqual(mixed.json.errors.map(one => one.pointer).sort(), ['/1/bms_state', '/1/soc', '/2', '/3/a~1b~0', '/3/cell_voltage/1']);
  await refused({_ts: '1'}, '/_ts');
  await refused({deviceId: '"OTHER"'}, '/deviceId');
});

test('a device at both ends of its fields', async () => {
  const device = (members, status, ...pointers) => {
    const body = {deviceId: 'D-' + ++serial, name: 'A', model: 'B', location: 'C', ...members};
    return send('/v1/devices', JSON.stringify(body)).then(async answer => {
      assert.equal(answer.status, status, answer.text);
      assert.deepEqual((answer.json.errors ?? []).map(one => one.pointer), pointers);
      if (status !== 201) return;
      const list = await witness.ask(connection, {method: 'GET', target: '/v1/devices?limit=10000', headers}, {status: 200});
      const {DeviceId, Name, Model, Location} = list.json.data.find(one => one.DeviceId === body.deviceId);
      assert.deepEqual([DeviceId, Name, Model, Location], [body.deviceId, body.name, body.model, body.location]);
    });
  };
  for (const [key, most] of [['name', 128], ['model', 128], ['location', 256]]) {
    for (const letter of ['x', 'ü', '😀']) {
      await device({[key]: letter.repeat(most)}, 201);
      await device({[key]: letter.repeat(most + 1)}, 422, '/' + key);
    }
    for (const bad of ['', ' ', 'a\u0000b', 'a\u001f', '\u007f', 'a\n', null, 7]) await device({[key]: bad}, 422, '/' + key);
    await device({[key]: '\u00a0'}, 201);
  }
  for (const good of ['9', 'Z'.repeat(128), 'a._:-']) await device({deviceId: good}, 201);
  for (const bad of ['', 'x'.repeat(129), '-a', '.', 'a/b', 'ü', 'a b', 'a%20']) await device({deviceId: bad}, 422, '/deviceId');
  for (const good of [1, 24]) await device({cellCount: good}, 201);
  for (const bad of [0, 25, 1.5, '3', null, -1]) await device({cellCount: bad}, 422, '/cellCount');
});

test('the server lived through all of it', async () => {
  connection.close();
  await server.end();
  console.log(`${witness.answers} answers`);
});
