// A real `packbench serve` on a real store, and a device that the test plays.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Store, freePort, started} from '../servers.mjs';

export const kDevice = 'PACK-1';

export class BenchServer extends Store {
  // limits: options of `serve`; none are lifted by default.
  static async start(program, limits = ['--rate', '0', '--failures', '0']) {
    const server = await BenchServer.plain(program);
    server.limits = limits;
    server.key = server.newKey('writer');
    await server.up();
    return server;
  }
  // A folder with `packbench` in it, and a place to listen.
  static async plain(program) {
    const server = new BenchServer(program, os.tmpdir(), 'dashboard_test');
    fs.symlinkSync(path.resolve(program), path.join(server.folder, 'packbench'));
    server.origin = 'http://127.0.0.1:' + await freePort();
    return server;
  }

  up() { return this.upBy(['serve', '--store', this.store, ...this.limits]); }
  async upBy(words) {
    this.process = await started(path.resolve(this.program), [...words, '--listen', new URL(this.origin).host],
                                 line => line.startsWith('The dashboard is at '), {cwd: this.folder, stdio: ['ignore', 'pipe', 'inherit']});
  }
  async down() {
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
  async end() {
    await this.down();
    this.remove();
  }

  async send(target, body) {
    const response = await fetch(this.origin + target, {method: 'POST', body: JSON.stringify(body),
                                                        headers: {ApiKey: this.key, 'Content-Type': 'application/json'}});
    const text = await response.text();
    assert.ok(response.ok, text);
    return JSON.parse(text);
  }
  register(deviceId, name = 'First pack', more = {}) {
    return this.send('/v1/devices', {deviceId, name, model: '15 cells LFP, 100 Ah', location: 'Bench 1', ...more});
  }
  post(records, device = kDevice) {
    return this.send('/v1/devices/' + encodeURIComponent(device) + '/telemetry', records);
  }
  async metric(name) {
    const text = await (await fetch(this.origin + '/metrics')).text();
    const line = text.split('\n').find(one => one.startsWith(name + ' '));
    return line ? Number(line.split(' ')[1]) : 0;
  }
}

// A record as a pack of 15 cells would send it.
export function record(at_ms, changes = {}) {
  const cells = Array.from({length: 15}, (_, i) => Number((3.305 + 0.0021 * ((i * 7) % 15)).toFixed(4)));
  return {pack_voltage: 49.8, cell_voltage: cells, temperature: 25.3, pack_current: -50, soc: 61.5, ocv_soc: 60.2, soh: 98,
          bms_state: 'DISCHARGING', main_contactor_state: true, charger_contactor_state: false, ts: new Date(at_ms).toISOString(),
          balancing: cells.map(() => false), faults: [], ...changes};
}

// Two days of a pack that is charged and discharged for four hours each, the same whatever the time of day: one record a
// minute, and one spike of a single record, with a fault.
export function days(now_ms, spike_ms) {
  const records = [];
  for (let at = now_ms - 2 * 86400_000; at < now_ms - 60_000; at += 60_000) {
    const phase = ((at - now_ms) / 86400_000 * 6 + 100.5) % 2, charging = phase < 1, soc = 20 + 70 * (charging ? phase : 2 - phase);
    const volts = 3.22 + 0.0013 * soc + (charging ? 0.03 : -0.03);
    const spike = Math.abs(at - spike_ms) < 30_000, fault = spike ? {bms_state: 'FAULT', faults: ['ocd2']} : {};
    records.push(record(at, {
      cell_voltage: Array.from({length: 15}, (_, i) => Number((volts + 0.0008 * ((i * 7) % 15)).toFixed(4))),
      pack_voltage: Number((15 * volts).toFixed(4)), soc: Number(soc.toFixed(2)), ocv_soc: Number((soc * 0.98).toFixed(2)),
      pack_current: spike ? -280 : charging ? 50 : -50, temperature: Number((24 + 6 * Math.sin(at / 2e7)).toFixed(3)),
      bms_state: charging ? 'CHARGING' : 'DISCHARGING', charger_contactor_state: charging, ...fault,
    }));
  }
  return records;
}
