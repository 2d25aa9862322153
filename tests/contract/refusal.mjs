// What the document says of bodies in words, beyond its schemas.
import {decimal, fixed, instant} from './values.mjs';

const kMostAhead_ms = 86_400_000;
const kDigits = {pack_voltage: 4, cell_voltage: 4, temperature: 3, temperatures: 3, pack_current: 3, soc: 2, ocv_soc: 2, soh: 2};
const rounds = (value, digits) => typeof value === 'number' ? decimal(fixed(String(value), digits), digits) : Array.isArray(value) ? value.map(one => rounds(one, digits)) : value;

// The body with its readings rounded to their last digit, which is how they are judged.
export function rounded(body) {
  if (Array.isArray(body)) return body.map(rounded);
  if (body === null || typeof body !== 'object') return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, Object.hasOwn(kDigits, key) ? rounds(value, kDigits[key]) : value]));
}

// Why a body that its schema allows is 422 all the same; nothing when it is not.
export function refusal(operationId, body, device) {
  if (operationId !== 'putTelemetry') return undefined;
  for (const record of [body].flat()) {
    if (record.ts !== undefined && !instant(record.ts)) return 'ts is no instant';
    if (record.ts !== undefined && instant(record.ts).ms > Date.now() + kMostAhead_ms) return 'ts is more than a day ahead';
    if ((record.balancing?.length ?? 0) > record.cell_voltage.length) return 'more flags than cells';
    if (record.deviceId !== undefined && record.deviceId !== device.deviceId) return 'deviceId is not that of the path';
    if (device.cellCount && record.cell_voltage.length !== device.cellCount) return 'the number of cells';
  }
  return undefined;
}
