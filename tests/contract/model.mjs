// What a store of the Device API must hold and answer, in a few lines of another language.
//
// A record of the model is {ms, id, boot, seq, units: {field: BigInt or null}, cells, temperatures: [...], rest}, in the units of
// the API's last digits; form() is the record as the API prints it.
import {ceiling, decimal, fixed, instant} from './values.mjs';

const kDigits = {pack_voltage: 4, temperature: 3, pack_current: 3, soc: 2, ocv_soc: 2, soh: 2};
export const kWindows = {last5mins: 300_000, last1hour: 3_600_000, last7days: 604_800_000};
const kAhead_ms = 5001;
const kUnits = {s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000};

export const everyMs = text => Number.parseInt(text, 10) * kUnits[text.replace(/\d+/, '')];
const places = (values, digits) => values?.map(one => one === null ? null : fixed(String(one), digits));

// A posted record; numbers may be decimals as text. What the server is to give (id, ms) stays undefined.
export function posted(json, deviceName) {
  const units = {};
  for (const [key, digits] of Object.entries(kDigits)) {
    const value = json[key] === undefined ? (key === 'soh' ? 0 : null) : json[key];
    units[key] = value === null ? null : fixed(String(value), digits);
  }
  return {ms: json.ts === undefined ? undefined : instant(json.ts).ms, id: json.id, boot: json.boot, seq: json.seq, units,
          cells: places(json.cell_voltage, 4), temperatures: places(json.temperatures ?? [], 3), balancing: json.balancing ?? [], faults: json.faults,
          name: json.Device_id ?? deviceName, state: json.bms_state, main: json.main_contactor_state, charger: json.charger_contactor_state};
}

const before = (one, other) => one.ms - other.ms || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

function form(record, deviceId, isExtended) {
  const number = key => decimal(record.units[key], kDigits[key]);
  const fields = {deviceId, Device_id: record.name, pack_voltage: number('pack_voltage'), cell_voltage: record.cells.map(one => decimal(one, 4)),
                  temperature: number('temperature'), pack_current: number('pack_current'), soc: number('soc'), ocv_soc: number('ocv_soc'), soh: number('soh'),
                  bms_state: record.state, main_contactor_state: record.main, charger_contactor_state: record.charger, id: record.id, _ts: record.arrived};
  if (!isExtended) return fields;
  fields.ts = new Date(record.ms).toISOString();
  if (record.boot !== undefined) Object.assign(fields, {boot: record.boot, seq: record.seq});
  if (record.temperatures.length > 0) fields.temperatures = record.temperatures.map(one => decimal(one, 3));
  if (record.balancing.length > 0) fields.balancing = record.balancing;
  if (record.faults) fields.faults = record.faults;
  return fields;
}

const readings = {
  min: values => values.reduce((a, b) => a < b ? a : b),
  max: values => values.reduce((a, b) => a > b ? a : b),
  avg(values) {
    const count = BigInt(values.length), sum = values.reduce((a, b) => a + b, 0n), size = sum < 0n ? -sum : sum;
    const mean = (2n * size + count) / (2n * count);
    return sum < 0n ? -mean : mean;
  },
};

// The record that stands for those of a bucket, in the order of the query.
function thinned(records, agg, last) {
  if (agg === 'last') return last;
  const of = values => { const there = values.filter(one => one !== null && one !== undefined); return there.length ? readings[agg](there) : null; };
  const units = Object.fromEntries(Object.keys(kDigits).map(key => [key, of(records.map(one => one.units[key]))]));
  const each = key => last[key].map((_, i) => of(records.map(one => one[key][i])));
  const words = lists => [...new Set(lists.flat())].slice(0, 64);
  return {...last, units, cells: each('cells'), temperatures: each('temperatures'),
          states: words(records.map(one => one.state)), seen: words(records.map(one => one.faults ?? []))};
}

export class DeviceModel {
  constructor(deviceId, name) {
    this.deviceId = deviceId;
    this.name = name;
    this.records = [];
  }

  // Those of the records that are new, complete or not; the others are duplicates.
  insert(records) {
    const fresh = [];
    for (const record of records) {
      const same = one => (record.id !== undefined && one.id === record.id) || (record.boot !== undefined && one.boot === record.boot && one.seq === record.seq);
      if (this.records.some(same) || fresh.some(same)) continue;
      fresh.push(record);
    }
    this.records.push(...fresh);
    return fresh;
  }
  sorted() { return this.records.slice().sort(before); }
  latest() { return this.sorted().at(-1); }

  // The window of a query, [from, to), at the server's time.
  window({timeRange, start, end}, now_ms) {
    if (timeRange) return {from: now_ms - kWindows[timeRange], to: now_ms + kAhead_ms};
    return {from: ceiling(instant(start)), to: end === undefined ? now_ms : ceiling(instant(end))};
  }

  // A page: {data, last, more}. after: the last record of the page before, within the window of the first.
  page({order = 'asc', limit = 1000, extended, every, agg = 'last'}, {from, to}, after) {
    const direction = order === 'asc' ? 1 : -1;
    let records = this.sorted().filter(one => one.ms >= from && one.ms < to);
    if (direction < 0) records.reverse();
    const behind = every ? everyMs(every) : undefined, bucket = one => Math.floor(one.ms / behind);
    if (after) records = records.filter(one => every ? direction * (bucket(one) - bucket(after)) > 0 : direction * before(one, after) > 0);
    if (every) {
      const buckets = new Map();
      for (const one of records) buckets.set(bucket(one), [...(buckets.get(bucket(one)) ?? []), one]);
      records = [...buckets.values()].map(those => thinned(those, agg, direction > 0 ? those.at(-1) : those[0]));
    }
    const page = records.slice(0, limit);
    const shown = page.map(one => {
      const fields = form(one, this.deviceId, extended === '1');
      if (extended === '1' && one.states) Object.assign(fields, {states_seen: one.states, faults_seen: one.seen});
      return fields;
    });
    return {data: shown, last: page.at(-1), more: records.length > limit};
  }
  shown(record, extended) { return form(record, this.deviceId, extended); }
}
