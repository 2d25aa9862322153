// A talk with the Device API that goes through every operation, every parameter, every status that can be provoked, and every
// example of its document.
//
// say(request, {status, code, wrong, bytes}): sends it and gives the answer. wrong: the request breaks the document on purpose;
// bytes: it is about bytes that a proxy may change.
// keys: those of makeKeys().
import {gzipSync} from 'node:zlib';

export const kDevice = 'PACK-1';
const kBase = Date.parse('2025-02-20T10:24:05.103Z');
export const at = ms => new Date(kBase + ms).toISOString();

export function record(changes = {}) {
  return {pack_voltage: 49.71, cell_voltage: [3.314, 3.3151, 3.3138], temperature: 25.3, pack_current: -50.125, soc: 61.5, ocv_soc: null,
          soh: 98.25, bms_state: 'DISCHARGING', main_contactor_state: true, charger_contactor_state: false, ...changes};
}

const json = (key, more = {}) => ({ApiKey: key, 'Content-Type': 'application/json', ...more});
const telemetry = (query = '', device = kDevice) => '/v1/devices/' + device + '/telemetry' + query;

async function devices(say, keys) {
  const get = (query, expected, headers = {ApiKey: keys.all}) => say({method: 'GET', target: '/v1/devices' + query, headers}, expected);
  const post = (body, expected, headers = json(keys.all)) =>
    say({method: 'POST', target: '/v1/devices', headers, body: typeof body === 'string' ? body : JSON.stringify(body)}, expected);
  const device = (deviceId, more = {}) => ({deviceId, name: 'Erster Packen ü', model: '15 cells', location: 'Bench 1', ...more});
  const wrong = true;

  await get('', {status: 200});
  await post(device(kDevice), {status: 201});
  await post(device('Z:9._-', {cellCount: 3}), {status: 201}, json(keys.all, {'Idempotency-Key': 'once'}));
  await post(device('Z:9._-', {cellCount: 3}), {status: 201}, json(keys.all, {'Idempotency-Key': 'once'}));
  await post(device('Y'), {status: 409, code: 'idempotency_conflict'}, json(keys.all, {'Idempotency-Key': 'once'}));
  await post(device(kDevice), {status: 409, code: 'duplicate_device'});
  const first = await get('?limit=1', {status: 200});
  await get('?limit=1&cursor=' + encodeURIComponent(first.header('X-Next-Cursor')), {status: 200});
  await say({method: 'HEAD', target: '/v1/devices', headers: {ApiKey: keys.all}}, {status: 200, wrong});
  await get('', {status: 200}, {ApiKey: keys.all, Accept: 'application/json', 'Accept-Encoding': 'gzip'});

  for (const limit of ['0', '10001', 'x', '', '1.5', '-1']) await get('?limit=' + limit, {status: 400, code: 'invalid_limit', wrong});
  await get('?cursor=%20', {status: 400, code: 'invalid_cursor'});
  await get('?cursor=', {status: 400, code: 'invalid_cursor', wrong});
  await get('?Limit=1', {status: 400, code: 'unknown_parameter', wrong});
  await get('?limit=1&limit=1', {status: 400, code: 'repeated_parameter', wrong});
  await get('?limit=%zz', {status: 400, code: 'bad_target', wrong});
  await get('', {status: 401, code: 'key_missing', wrong}, {});
  await get('', {status: 401, code: 'key_invalid', wrong}, {ApiKey: 'no.key'});
  await get('', {status: 403, code: 'scope_missing', wrong}, {ApiKey: keys.telemetry});
  await get('', {status: 406, code: 'not_acceptable', wrong}, {ApiKey: keys.all, Accept: 'text/html'});
  await get('', {status: 401, code: 'key_missing', wrong}, {Accept: 'application/problem+json'});
  await say({method: 'PUT', target: '/v1/devices', headers: {ApiKey: keys.all}, body: '{}'}, {status: 405, code: 'method_not_allowed', wrong});
  await get('?cursor=' + 'x'.repeat(9000), {status: 414, code: 'target_too_long', wrong});
  await get('', {status: 431, code: 'header_too_large', wrong}, {ApiKey: keys.all, 'X-Long': 'x'.repeat(20_000)});
  await say({method: 'GET', target: '/v1/devices', headers: {ApiKey: keys.all}, body: ' '.repeat(1024 * 1024 + 1)}, {status: 413, code: 'body_too_large', wrong});

  for (const [body, code] of [['{', 'malformed_json'], ['', 'malformed_json'], ['\u0000', 'malformed_json']]) await post(body, {status: 400, code, wrong});
  await post('{"deviceId":"A","deviceId":"B"}', {status: 422, code: 'duplicate_key', wrong});
  await post('['.repeat(40) + ']'.repeat(40), {status: 422, code: 'too_deep', wrong});
  await post('{' + Array.from({length: 257}, (_, i) => '"k' + i + '":0').join(',') + '}', {status: 422, code: 'too_many_members', wrong});
  await post(JSON.stringify({['k'.repeat(10_000)]: 0}), {status: 422, code: 'long_key', wrong});
  await post('[' + Array(510_000).fill(0).join(',') + ']', {status: 422, code: 'too_many_values', wrong});
  await post('{"cellCount":1e999}', {status: 422, code: 'number_overflow', wrong});
  for (const bad of [{deviceId: 'a b'}, {name: ' '}, {name: ''}, {model: 1}, {location: 'x'.repeat(257)}, {cellCount: 0}, {cellCount: 25}, {more: 1}, {deviceId: undefined}]) {
    await post(device('NEW', bad), {status: 422, code: 'invalid_content', wrong});
  }
  await post('[]', {status: 422, code: 'invalid_content', wrong});
  await post(device('NEW'), {status: 415, code: 'unsupported_media_type', wrong}, {ApiKey: keys.all, 'Content-Type': 'text/plain'});
  await post(device('NEW'), {status: 400, code: 'invalid_idempotency_key', wrong}, json(keys.all, {'Idempotency-Key': 'x'.repeat(129)}));
  await post(device('NEW'), {status: 401, code: 'key_missing', wrong}, {'Content-Type': 'application/json'});
  await post(device('NEW'), {status: 403, code: 'scope_missing', wrong}, json(keys.telemetry));
  await post(device('NEW'), {status: 406, code: 'not_acceptable', wrong}, json(keys.all, {Accept: 'image/*'}));
  await say({method: 'POST', target: '/v1/devices?limit=1', headers: json(keys.all), body: '{}'}, {status: 400, code: 'unknown_parameter', wrong});
  await post(JSON.stringify(device('NEW')) + ' '.repeat(1024 * 1024), {status: 413, code: 'body_too_large', wrong});
  await say({method: 'POST', target: '/v1/devices?' + 'x'.repeat(9000), headers: json(keys.all), body: '{}'}, {status: 414, code: 'target_too_long', wrong});
  await post(device('NEW'), {status: 431, code: 'header_too_large', wrong}, json(keys.all, {'X-Long': 'x'.repeat(20_000)}));
  await say({method: 'GET', target: '/v1/nothing', headers: {ApiKey: keys.all}}, {status: 404, code: 'route_not_found', wrong});
}

async function ingest(say, keys) {
  const post = (body, expected, headers = json(keys.all), device = kDevice) =>
    say({method: 'POST', target: telemetry('', device), headers, body: typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body)}, expected);
  const wrong = true, packed = json(keys.all, {'Content-Encoding': 'gzip'});

  await post(record({ts: at(0), id: 'first', boot: 1, seq: 1}), {status: 200});
  await post(record({ts: at(0), id: 'first', boot: 1, seq: 1}), {status: 200});
  await post(Array.from({length: 12}, (_, i) => record({ts: at((i + 1) * 1000), soc: 50 + i, temperatures: [20 + i, null], balancing: [true, false, false], faults: i % 2 ? ['CELL_UV'] : []})),
             {status: 200});
  await post(record({Device_id: 'BMS_DEVICE_1', deviceId: kDevice, ts: '20250220T112405.5+0100', cell_voltage: [null, 3.3]}), {status: 200});
  await post([record()], {status: 200}, json(keys.all, {'Idempotency-Key': 'batch 1', 'Content-Type': 'application/json; charset=utf-8'}));
  await post(record({soc: 3}), {status: 409, code: 'idempotency_conflict'}, json(keys.all, {'Idempotency-Key': 'batch 1'}));

  for (const bad of [{soc: 101}, {soc: '1'}, {soc: undefined}, {cell_voltage: []}, {cell_voltage: Array(25).fill(3)}, {cell_voltage: [7]}, {bms_state: 'idle'}, {id: ''},
                     {id: 'a b'}, {ts: 1740047045}, {ts: '2025-02-20T10:24:05'}, {boot: 1}, {seq: -1, boot: 1}, {faults: ['a b']}, {balancing: [1]}, {_ts: 1},
                     {main_contactor_state: 1}, {temperatures: [201]}]) {
    await post(record(bad), {status: 422, code: 'invalid_content', wrong});
  }
  await post(record({deviceId: 'OTHER'}), {status: 422, code: 'invalid_content'});
  await post(record({ts: '2025-02-30T00:00:00Z'}), {status: 422, code: 'invalid_content'});
  await post([], {status: 422, code: 'invalid_content', wrong});
  await post(Array(1001).fill(record()), {status: 422, code: 'invalid_content', wrong});
  await post(record({cell_voltage: [3.3]}), {status: 422, code: 'invalid_content'}, json(keys.all), 'Z:9._-');
  await post(Array.from({length: 1000}, (_, i) => record({ts: at(-3600_000 + 1000 * i)})), {status: 200});
  await post(gzipSync(JSON.stringify(record({ts: at(-1)}))), {status: 200, bytes: true}, packed);
  await post('not gzip', {status: 400, code: 'malformed_gzip', bytes: true}, packed);
  await post(Array.from({length: 1000}, (_, i) => record({ts: at(-3600_000 + 1000 * i)})), {status: 200});
  await post(gzipSync(JSON.stringify(record())).subarray(0, 40), {status: 400, code: 'malformed_gzip', bytes: true}, packed);
  await post(Array.from({length: 1000}, (_, i) => record({ts: at(-3600_000 + 1000 * i)})), {status: 200});
  await post(gzipSync(Buffer.alloc(9 * 1024 * 1024, ' ')), {status: 413, code: 'body_too_large', bytes: true}, packed);
  await post('{]', {status: 400, code: 'malformed_json', wrong});
  await post(record(), {status: 404, code: 'device_not_found'}, json(keys.all), 'NOBODY');
  await post(record(), {status: 404, code: 'device_not_found'}, json(keys.other));
  await post(record(), {status: 415, code: 'unsupported_encoding', wrong}, json(keys.all, {'Content-Encoding': 'br'}));
  await post(record(), {status: 401, code: 'key_missing', wrong}, {'Content-Type': 'application/json'});
  await post(record(), {status: 403, code: 'scope_missing', wrong}, json(keys.devices));
  await post(record(), {status: 406, code: 'not_acceptable', wrong}, json(keys.all, {Accept: 'text/html'}));
  await post(' '.repeat(8 * 1024 * 1024 + 1), {status: 413, code: 'body_too_large', wrong});
  await say({method: 'POST', target: telemetry('?' + 'x'.repeat(9000)), headers: json(keys.all), body: '{}'}, {status: 414, code: 'target_too_long', wrong});
  await post(record(), {status: 431, code: 'header_too_large', wrong}, json(keys.all, {'X-Long': 'x'.repeat(20_000)}));
  await say({method: 'DELETE', target: telemetry(), headers: {ApiKey: keys.all}}, {status: 405, code: 'method_not_allowed', wrong});
}

async function ranges(say, keys) {
  const get = (query, expected, headers = {ApiKey: keys.all}, device = kDevice) => say({method: 'GET', target: telemetry(query, device), headers}, expected);
  const range = '?start=' + at(0) + '&end=' + at(60_000);
  const wrong = true;

  const latest = await get('', {status: 200});
  await get('', {status: 304}, {ApiKey: keys.all, 'If-None-Match': latest.header('ETag')});
  await get('', {status: 304}, {ApiKey: keys.all, 'If-None-Match': '*'});
  await get('', {status: 200}, {ApiKey: keys.all, 'If-None-Match': '"another"'});
  for (const preset of ['last5mins', 'last1hour', 'last7days', 'latest']) {
    await get('?timeRange=' + preset, {status: 200});
    await get('?extended=1&timeRange=' + preset, {status: 200});
  }
  for (const order of ['asc', 'desc']) {
    const page = await get(range + '&limit=3&order=' + order, {status: 200});
    await get(range + '&limit=3&order=' + order + '&cursor=' + encodeURIComponent(page.header('X-Next-Cursor')), {status: 200});
    for (const agg of ['last', 'avg', 'min', 'max']) await get(range + '&limit=2&every=5s&extended=1&order=' + order + '&agg=' + agg, {status: 200});
  }
  await get(range + '&every=1min', {status: 200});
  for (const Accept of ['application/x-ndjson', 'text/csv']) {
    const lines = {ApiKey: keys.all, Accept};
    const page = await get(range + '&limit=3', {status: 200}, lines);
    await get(range + '&limit=3&cursor=' + encodeURIComponent(page.header('X-Next-Cursor')), {status: 200}, lines);
    await get(range + '&extended=1&every=5s&agg=avg', {status: 200}, lines);
    await get('', {status: 200}, lines);
    await get('?timeRange=last7days', {status: 200}, {...lines, 'Accept-Encoding': 'gzip'});
    await get(`?start=${at(-3600_000)}&end=${at(0)}`, {status: 200}, lines);  // 1000 records in chunks
  }
  await get(range + '&extended=0', {status: 200}, {ApiKey: keys.all, 'Accept-Encoding': 'gzip', Accept: '*/*'});
  await get('?start=2025-02-20', {status: 400, code: 'range_too_large'});
  await get('?start=20250220&end=2025-02-21T00:00:00.123456789%2B05:30', {status: 200});
  await get('?timeRange=last7days', {status: 200}, {ApiKey: keys.all}, 'Z:9._-');
  await say({method: 'HEAD', target: telemetry(), headers: {ApiKey: keys.all}}, {status: 200, wrong});

  for (const [query, code, fits] of [
    ['?timeRange=last2mins', 'invalid_time_range'], ['?timeRange=', 'invalid_time_range'], ['?timeRange=latest&start=2025-01-01', 'conflicting_parameters', 'fits'],
    ['?end=2025-01-01', 'missing_start', 'fits'], ['?start=1740047045', 'invalid_time'], ['?start=2025-02-20T10:00:00', 'invalid_time'], ['?start=2025-02-30', 'invalid_time', 'fits'],
    ['?start=2025-02-20T10:00:00+01:00', 'invalid_time'], [`?start=${at(1)}&end=${at(1)}`, 'invalid_range', 'fits'], [`?start=2999-01-01`, 'invalid_range', 'fits'],
    ['?start=2025-01-01&end=2025-03-01', 'range_too_large', 'fits'], ['?order=up', 'invalid_order'], ['?extended=yes', 'invalid_flag'], ['?limit=0', 'invalid_limit'],
    [range + '&every=0s', 'invalid_every'], [range + '&every=32d', 'invalid_every', 'fits'], ['?timeRange=latest&every=1s', 'conflicting_parameters', 'fits'],
    [range + '&agg=avg', 'missing_every', 'fits'], [range + '&every=1s&agg=sum', 'invalid_agg'], [range + '&cursor=a.1.2.3.x', 'invalid_cursor', 'fits'],
    ['?cursor=a', 'conflicting_parameters', 'fits'], ['?timerange=latest', 'unknown_parameter'], ['?order=asc&order=asc', 'repeated_parameter'], ['?start=%', 'bad_target']]) {
    await get(query, {status: 400, code, wrong: !fits});
  }
  await get('', {status: 401, code: 'key_missing', wrong}, {});
  await get('', {status: 403, code: 'scope_missing', wrong}, {ApiKey: keys.devices});
  await get('', {status: 404, code: 'device_not_found'}, {ApiKey: keys.all}, 'NOBODY');
  await get('', {status: 404, code: 'device_not_found', wrong}, {ApiKey: keys.all}, '%20');
  await get('', {status: 404, code: 'device_not_found'}, {ApiKey: keys.other});
  await get('', {status: 404, code: 'device_not_found', wrong}, {ApiKey: keys.all, Accept: 'application/problem+json'}, '%C3%BC');
  await get('', {status: 406, code: 'not_acceptable', wrong}, {ApiKey: keys.all, Accept: 'text/html'});
  await get('?start=' + '1'.repeat(9000), {status: 414, code: 'target_too_long', wrong});
  await get('', {status: 431, code: 'header_too_large', wrong}, {ApiKey: keys.all, 'X-Long': 'x'.repeat(20_000)});
  await say({method: 'GET', target: telemetry(), headers: {ApiKey: keys.all}, body: ' '.repeat(1024 * 1024 + 1)}, {status: 413, code: 'body_too_large', wrong});
}

async function oneDevice(say, keys) {
  const target = '/v1/devices/' + kDevice;
  const get = (query, expected, headers = {ApiKey: keys.all}) => say({method: 'GET', target: target + query, headers}, expected);
  const wrong = true;
  await get('', {status: 200});
  await get('', {status: 200}, {ApiKey: keys.devices, 'Accept-Encoding': 'gzip'});
  await say({method: 'HEAD', target, headers: {ApiKey: keys.all}}, {status: 200, wrong});
  await get('?extended=1', {status: 400, code: 'unknown_parameter', wrong});
  await get('', {status: 401, code: 'key_missing', wrong}, {});
  await get('', {status: 403, code: 'scope_missing', wrong}, {ApiKey: keys.telemetry});
  await get('', {status: 404, code: 'device_not_found'}, {ApiKey: keys.other});
  await say({method: 'GET', target: '/v1/devices/NOBODY', headers: {ApiKey: keys.all}}, {status: 404, code: 'device_not_found'});
  await get('', {status: 406, code: 'not_acceptable', wrong}, {ApiKey: keys.all, Accept: 'text/html'});
  await get('?' + 'x'.repeat(9000), {status: 414, code: 'target_too_long', wrong});
  await get('', {status: 431, code: 'header_too_large', wrong}, {ApiKey: keys.all, 'X-Long': 'x'.repeat(20_000)});
  await say({method: 'POST', target, headers: json(keys.all), body: '{}'}, {status: 405, code: 'method_not_allowed', wrong});
  await say({method: 'GET', target, headers: {ApiKey: keys.all}, body: ' '.repeat(1024 * 1024 + 1)}, {status: 413, code: 'body_too_large', wrong});
}

// The events themselves do not end, so a proxy that waits for the whole answer cannot judge them: `follow` is for the others.
async function live(say, keys, follow) {
  const target = telemetry('/live');
  const get = (query, expected, headers = {ApiKey: keys.all}) => say({method: 'GET', target: target + query, headers}, expected);
  const wrong = true;
  if (follow) {
    await follow({method: 'GET', target, headers: {ApiKey: keys.all}});
    await follow({method: 'GET', target: target + '?extended=1', headers: {ApiKey: keys.all, Accept: 'text/event-stream'}});
  }
  await get('?extended=2', {status: 400, code: 'invalid_flag', wrong});
  await get('', {status: 401, code: 'key_missing', wrong}, {});
  await get('', {status: 403, code: 'scope_missing', wrong}, {ApiKey: keys.devices});
  await get('', {status: 404, code: 'device_not_found'}, {ApiKey: keys.other});
  await get('', {status: 406, code: 'not_acceptable', wrong}, {ApiKey: keys.all, Accept: 'application/json'});
  await get('?extended=' + '1'.repeat(9000), {status: 414, code: 'target_too_long', wrong});
  await get('', {status: 431, code: 'header_too_large', wrong}, {ApiKey: keys.all, 'X-Long': 'x'.repeat(20_000)});
  await say({method: 'POST', target, headers: json(keys.all), body: '{}'}, {status: 405, code: 'method_not_allowed', wrong});
  await say({method: 'GET', target, headers: {ApiKey: keys.all}, body: ' '.repeat(1024 * 1024 + 1)}, {status: 413, code: 'body_too_large', wrong});
}

export async function operations(say) {
  const wrong = true;
  for (const target of ['/openapi.json', '/healthz', '/readyz', '/metrics']) {
    await say({method: 'GET', target}, {status: 200});
    await say({method: 'HEAD', target}, {status: 200, wrong});
    await say({method: 'POST', target, headers: {'Content-Type': 'application/json'}, body: '{}'}, {status: 405, code: 'method_not_allowed', wrong});
    await say({method: 'GET', target: target + '?' + 'x'.repeat(9000)}, {status: 414, code: 'target_too_long', wrong});
    await say({method: 'GET', target, headers: {'X-Long': 'x'.repeat(20_000)}}, {status: 431, code: 'header_too_large', wrong});
    await say({method: 'GET', target, body: ' '.repeat(1024 * 1024 + 1)}, {status: 413, code: 'body_too_large', wrong});
  }
}

// Every example of a request is accepted as it stands.
async function examples(say, keys, contract) {
  const body = id => contract.operation(id).body.content['application/json'];
  const device = body('addDevice').example;
  await say({method: 'POST', target: '/v1/devices', headers: json(keys.all), body: JSON.stringify(device)}, {status: 201});
  for (const example of Object.values(body('putTelemetry').examples)) {
    await say({method: 'POST', target: telemetry('', device.deviceId), headers: json(keys.all), body: JSON.stringify(example.value)}, {status: 200});
  }
}

export async function conversation(say, keys, contract, follow) {
  await devices(say, keys);
  await ingest(say, keys);
  await ranges(say, keys);
  await oneDevice(say, keys);
  await live(say, keys, follow);
  await examples(say, keys, contract);
}

export function makeKeys(server) {
  const scopes = (name, ...of) => server.newKey(name, ...of.flatMap(one => ['--scope', one]));
  return {all: server.key, other: server.newKey('other', '--organization', '2'), devices: scopes('devices', 'devices:read', 'devices:write'),
          telemetry: scopes('telemetry', 'telemetry:read', 'telemetry:write')};
}
