// A script of posts and queries for one device, played against the API and a model of it at once.
import assert from 'node:assert/strict';
import {fc} from './arbitraries.mjs';
import {kWindows, posted} from './model.mjs';
import {columns, parseTable, tableRow} from './table.mjs';
import {extended, instant, stampText} from './values.mjs';

const kPast = Date.parse('2024-02-29T23:59:58.000Z');  // a leap day, and the end of one
const shape = fc.record({basic: fc.boolean(), digits: fc.integer({min: 0, max: 9}), offset: fc.option(fc.integer({min: -1439, max: 1439})), ns: fc.nat(999_999)});
// {from: 'past' or 'now', ms}: an instant; those of now are near the ends of the preset windows.
const moment = fc.oneof(
  {weight: 4, arbitrary: fc.record({from: fc.constant('past'), ms: fc.oneof(fc.nat(5), fc.nat(4000), fc.nat(40).map(one => one * 100))})},
  fc.record({from: fc.constant('now'), ms: fc.oneof(...Object.values(kWindows).map(window => fc.integer({min: -window - 300, max: -window + 300})), fc.integer({min: 4000, max: 6000}), fc.integer({min: -3000, max: 0}))}));
const instantAt = ({from, ms}) => (from === 'past' ? kPast : Date.now()) + ms;

// Readings as texts of decimals: scaled whole numbers, some with digits that are to be rounded away, some as a power.
function reading(min, max, digits) {
  const least = min * 10 ** digits, most = max * 10 ** digits;
  const whole = fc.oneof(fc.integer({min: least, max: most}), fc.constantFrom(least, most, 0));
  const tail = fc.constantFrom('', '', '0', '4', '5', '49999', '50001', 'e0', 'E-0', 'e+00');
  const text = (units, more) => decimalText(units, digits) + (more.startsWith('5') && (units === least || units === most) ? '' : more);
  return fc.option(fc.tuple(whole, tail).map(([units, more]) => text(units, more)), {freq: 9});
}
function decimalText(units, digits) {
  const size = String(Math.abs(units)).padStart(digits + 1, '0');
  return (units < 0 ? '-' : '') + size.slice(0, -digits) + '.' + size.slice(-digits);
}

const record = fc.record({
  pack_voltage: reading(0, 2000, 4), cell_voltage: fc.array(reading(0, 6.6, 4), {minLength: 1, maxLength: 4}), temperature: reading(-60, 200, 3), pack_current: reading(-100000, 100000, 3),
  soc: reading(0, 100, 2), ocv_soc: reading(0, 100, 2), soh: reading(0, 110, 2), bms_state: fc.constantFrom('IDLE', 'CHARGING', 'FAULT_2'), main_contactor_state: fc.boolean(),
  charger_contactor_state: fc.boolean(), id: fc.oneof(fc.constantFrom('a', 'b', 'B', '~', '!'), fc.uuid()), at: moment, shape, sequence: fc.tuple(fc.constantFrom(0, 7, 2 ** 53 - 1), fc.nat(6)),
  temperatures: fc.array(reading(-60, 200, 3), {maxLength: 3}), balancing: fc.array(fc.boolean(), {maxLength: 4}), faults: fc.array(fc.constantFrom('CELL_UV', 'otc', 'X_1'), {maxLength: 3}),
  Device_id: fc.constantFrom('BMS', 'Größe', '"\\,\'='),
}, {requiredKeys: ['pack_voltage', 'cell_voltage', 'temperature', 'pack_current', 'soc', 'bms_state', 'main_contactor_state', 'charger_contactor_state', 'shape']});

const range = fc.oneof(fc.record({timeRange: fc.constantFrom(...Object.keys(kWindows))}), fc.record({start: moment, startShape: shape, end: fc.option(moment, {nil: undefined}), endShape: shape}));
const query = fc.record({range, order: fc.constantFrom('asc', 'desc'), limit: fc.oneof(fc.integer({min: 1, max: 4}), fc.integer({min: 5, max: 10000})), extended: fc.constantFrom('0', '1'),
                         every: fc.constantFrom('1s', '2s', '7s', '1min', '1h', '31d'), agg: fc.constantFrom('last', 'avg', 'min', 'max')}, {requiredKeys: ['range']});

export const script = fc.array(fc.oneof(
  {weight: 4, arbitrary: fc.record({does: fc.constant('post'), records: fc.array(record, {minLength: 1, maxLength: 5}), single: fc.boolean(), key: fc.option(fc.constantFrom('k1', 'k2'))})},
  {weight: 4, arbitrary: fc.record({does: fc.constant('read'), query, between: fc.array(record, {maxLength: 2})})},
  {weight: 2, arbitrary: fc.record({does: fc.constant('latest'), extended: fc.constantFrom('0', '1')})}), {minLength: 1, maxLength: 25, size: 'max'});

// The JSON of a record whose readings are texts of numbers.
function recordJson({at, shape: stamp, sequence, ...fields}) {
  const made = {...fields};
  if (made.balancing) made.balancing = made.balancing.slice(0, made.cell_voltage.length);
  if (at) made.ts = stampText(instantAt(at), stamp);
  if (sequence) [made.boot, made.seq] = sequence;
  const numbers = ['pack_voltage', 'cell_voltage', 'temperature', 'pack_current', 'soc', 'ocv_soc', 'soh', 'temperatures'];
  const value = (key, one) => Array.isArray(one) ? '[' + one.map(each => value(key, each)).join(',') + ']' : numbers.includes(key) && one !== null ? one : JSON.stringify(one);
  return {made, text: '{' + Object.entries(made).map(([key, one]) => JSON.stringify(key) + ':' + value(key, one)).join(',') + '}'};
}

class Player {
  constructor(model, ask, headers) {
    Object.assign(this, {model, ask, headers, target: `/v1/devices/${model.deviceId}/telemetry`, keys: new Map()});
  }
  get(parameters, headers = {}) {
    const text = Object.entries(parameters).filter(([, value]) => value !== undefined).map(([name, value]) => name + '=' + encodeURIComponent(value)).join('&');
    return this.ask({method: 'GET', target: this.target + (text ? '?' + text : ''), headers: {ApiKey: this.headers.ApiKey, ...headers}});
  }

  async post({records, single, key}) {
    const all = (single ? records.slice(0, 1) : records).map(recordJson);
    const body = single ? all[0].text : '[' + all.map(one => one.text).join(',') + ']';
    const headers = key ? {...this.headers, 'Idempotency-Key': this.model.deviceId + key} : this.headers;
    const known = key ? this.keys.get(key) : undefined, from = Date.now();
    const answer = await this.ask({method: 'POST', target: this.target, headers, body});
    const to = Date.now();
    if (known) {
      assert.equal(answer.status, known.body === body ? 200 : 409);
      if (answer.status === 200) assert.equal(answer.text, known.answer);
      return;
    }
    const fresh = this.model.insert(all.map(one => posted(one.made, this.model.name)));
    assert.equal(answer.text, JSON.stringify({success: true, accepted: fresh.length, duplicates: all.length - fresh.length, rejected: []}));
    if (key) this.keys.set(key, {body, answer: answer.text});
    for (const one of fresh) Object.assign(one, {arrival: {from, to}});
    await this.learn(fresh);
  }

  // Reads back what the server had to give: ids, times, arrivals, and holds them against when and what was posted.
  async learn(fresh) {
    for (const one of fresh) {
      const {from, to} = one.ms === undefined ? one.arrival : {from: one.ms, to: one.ms};
      const answer = await this.get({start: extended(from), end: extended(to + 1), extended: '1', limit: 10000});
      const taken = new Set(this.model.records.filter(other => other !== one).map(other => other.id));
      const candidates = answer.json.data.filter(other => one.id === undefined ? !taken.has(other.id) : other.id === one.id);
      const matching = candidates.find(other => {
        const complete = {...one, id: other.id, ms: instant(other.ts).ms, arrived: other._ts};
        return JSON.stringify(this.model.shown(complete, true)) === JSON.stringify(other);
      });
      assert.ok(matching, 'what was posted is not there: ' + JSON.stringify(one, (_, value) => typeof value === 'bigint' ? String(value) : value) + '\n' + JSON.stringify(candidates));
      assert.ok(matching._ts >= Math.floor(one.arrival.from / 1000) && matching._ts <= Math.floor(one.arrival.to / 1000), 'the arrival is not when it was posted');
      Object.assign(one, {id: matching.id, ms: instant(matching.ts).ms, arrived: matching._ts});
    }
  }

  async latest({extended: isExtended}) {
    const answer = await this.get({timeRange: 'latest', extended: isExtended}), newest = this.model.latest();
    assert.deepEqual(answer.json.data, newest ? [this.model.shown(newest, isExtended === '1')] : []);
    const again = await this.ask({method: 'GET', target: this.target + '?extended=' + isExtended, headers: {ApiKey: this.headers.ApiKey, 'If-None-Match': answer.header('ETag')}});
    assert.equal(again.status, 304);
  }

  // Every page of a query, with posts between the pages.
  async read({query: {range, ...rest}, between}) {
    const {start, startShape, end, endShape, timeRange} = range;
    const parameters = timeRange ? {timeRange, ...rest} : {start: stampText(instantAt(start), startShape), end: end && stampText(instantAt(end), endShape), ...rest};
    if (!rest.every) delete parameters.agg;
    let window, after;
    for (let page = 0, cursor; page === 0 || cursor; ++page) {
      const answer = await this.get({...parameters, cursor});
      if (answer.status === 400) return this.refused(parameters, answer);
      const {data, meta} = answer.json;
      assert.equal(JSON.stringify(answer.json), answer.text, 'numbers and texts are not in their shortest form');
      window ??= this.model.window(parameters, instant(meta.timestamp).ms);
      const expected = this.model.page(parameters, window, after);
      assert.equal(JSON.stringify(data), JSON.stringify(expected.data));
      assert.equal(meta.timeRange, timeRange ?? 'custom');
      if (rest.extended === '1') this.#checkMeta(meta, window, expected, rest);
      cursor = answer.header('X-Next-Cursor');
      assert.equal(cursor !== undefined, expected.more);
      after = expected.last;
      if (page === 0 && parameters.end) await this.readStream(parameters, window);
      if (cursor && page < between.length) await this.post({records: [between[page]], single: true});
    }
  }
  // The whole range at once, line by line, is what its pages are.
  async readStream(parameters, window) {
    const {limit, ...rest} = parameters, shape = {cells: 24, extended: rest.extended === '1', seen: rest.every !== undefined};
    const {data} = this.model.page({...rest, limit: Infinity}, window);
    const lines = await this.get(rest, {Accept: 'application/x-ndjson'});
    assert.equal(lines.text, data.map(one => JSON.stringify(one) + '\n').join(''));
    const table = await this.get(rest, {Accept: 'text/csv'});
    assert.deepEqual(parseTable(table.text), [columns(shape), ...data.map(one => tableRow(one, shape))]);
  }
  #checkMeta(meta, window, expected, {every, agg = 'last'}) {
    assert.deepEqual([meta.start, meta.end, meta.count, meta.hasMore, meta.nextCursor !== null], [extended(window.from), extended(window.to), expected.data.length, expected.more, expected.more]);
    if (every) assert.equal(meta.agg, agg);
  }
  // Only an empty window, or one that is too long, is refused.
  refused(parameters, answer) {
    const date = Date.parse(answer.header('Date'));
    const {from, to} = this.model.window(parameters, date), slack = parameters.end ? 0 : 1000;  // Date has whole seconds
    const {code} = answer.json;
    assert.ok(code === 'invalid_range' ? from >= to - slack : code === 'range_too_large' && to + slack - from > 31 * 86_400_000, answer.text);
  }
}

export async function play(steps, model, ask, headers) {
  const player = new Player(model, ask, headers);
  for (const {does, ...step} of steps) await player[does](step);
}
