// The Device API as this page uses it: the key, requests, and the stream of a device.
const kKeyPlace = 'packbench.key';  // in session storage: gone with the tab

const key = {
  get: () => sessionStorage.getItem(kKeyPlace),
  set: value => sessionStorage.setItem(kKeyPlace, value),
  forget: () => sessionStorage.removeItem(kKeyPlace),
};

// What went wrong with a request: the status of the answer, 0 when there was none, and how long the server asks to wait.
class ApiError extends Error {
  constructor(status, message, wait_s = 0) {
    super(message);
    Object.assign(this, {status, wait_s});
  }
}

// How far the server's clock is ahead of this one, in ms, as the last answer said.
let serverAhead_ms = 0;
const serverNow_ms = () => Date.now() + serverAhead_ms;

async function ask(path, {accept = 'application/json', signal} = {}) {
  let response;
  try {
    response = await fetch(path, {headers: {ApiKey: key.get(), Accept: accept}, credentials: 'omit', signal});
  } catch (error) {
    if (signal && signal.aborted) throw error;
    throw new ApiError(0, 'The server does not answer.');
  }
  const date = Date.parse(response.headers.get('Date') || '');
  if (!Number.isNaN(date) && Math.abs(date - serverNow_ms()) > 1500) serverAhead_ms = date - Date.now();
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({})), wait_s = Math.min(60, Number(response.headers.get('Retry-After')) || 0);
  const said = response.status === 429 ? 'This key asks too often; the server wants ' + length(wait_s) + ' of patience.' : problem.detail || problem.message;
  throw new ApiError(response.status, String(said || 'The server answered ' + response.status + '.'), wait_s);
}

async function askJson(path, options) {
  const response = await ask(path, options);
  try {
    return {body: await response.json(), next: response.headers.get('X-Next-Cursor')};
  } catch (error) {
    if (options && options.signal && options.signal.aborted) throw error;
    throw new ApiError(0, 'The answer of the server broke off.');
  }
}

async function listDevices(signal) {
  const devices = [];
  for (let cursor = null; ;) {
    const {body, next} = await askJson('/v1/devices' + (cursor ? '?cursor=' + encodeURIComponent(cursor) : ''), {signal});
    devices.push(...body.data);
    if (!next) return devices;
    cursor = next;
  }
}

const telemetryPath = id => '/v1/devices/' + encodeURIComponent(id) + '/telemetry';

// Calls heard() at every sign of life and onRecord(record) at every record; returns when the server ends the stream.
async function followDevice(id, {signal, heard, onRecord}) {
  const response = await ask(telemetryPath(id) + '/live?extended=1', {accept: 'text/event-stream', signal});
  heard();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const {value, done} = await reader.read().catch(() => ({done: true}));
    if (done || signal.aborted) return;
    heard();
    text += value;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = text.slice(0, end).split('\n').filter(line => line.startsWith('data: ')).map(line => line.slice(6));
      text = text.slice(end + 2);
      if (data.length) onRecord(JSON.parse(data.join('\n')));
    }
  }
}

// Of [from, to) in ms one record for each bucket of every_s seconds.
function thinned(id, {from_ms, to_ms}, every_s, agg) {
  return telemetryPath(id) + '?' + new URLSearchParams({start: new Date(from_ms).toISOString(), end: new Date(to_ms).toISOString(),
                                                        every: every_s + 's', agg, extended: '1', limit: '10000'});
}

async function thinnedRecords(id, window, every_s, agg, signal) {
  const {body} = await askJson(thinned(id, window, every_s, agg), {signal});
  return body.data;
}

// The key is in a header, which no link can send: the table is fetched and given to the browser as a file.
async function saveTable(id, window, every_s, signal) {
  const response = await ask(thinned(id, window, every_s, 'last'), {accept: 'text/csv', signal});
  const place = URL.createObjectURL(await response.blob());
  const stamp = ms => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
  el('a', {href: place, download: [id.replaceAll(':', '_'), stamp(window.from_ms), stamp(window.to_ms)].join('_') + '.csv'}).click();
  setTimeout(() => URL.revokeObjectURL(place), 60000);
}
