// What a device measures now.
const kStale_ms = 10000, kAhead_ms = 5000;  // a record further ahead of the server's clock is not shown as fresh
const kRest_A = 0.05;

function tile(name) {
  const value = el('dd', {class: 'value'}), note = el('dd', {class: 'note'});
  return {node: el('div', {class: 'tile'}, el('dt', {}, name), value, note), value, note};
}

// A mark beside the word of a state: an exclamation mark where something is wrong, else a dot.
const stateSign = record => el('span', {class: 'sign ' + (inTrouble(record) ? 'fault' : stateTone(record.bms_state)), 'aria-hidden': 'true'});

function socMeter() {
  const bar = el('span', {class: 'meter-bar'});
  return {node: el('span', {class: 'meter', 'aria-hidden': 'true'}, bar), set: soc => bar.style.setProperty('--share', Math.max(0, Math.min(1, (soc || 0) / 100)))};
}

function tiles() {
  const names = {state: 'State', voltage: 'Pack voltage', current: 'Current', soc: 'State of charge', temperature: 'Temperature'};
  const all = Object.fromEntries(Object.entries(names).map(([id, name]) => [id, tile(name)]));
  const meter = socMeter();
  all.soc.note.append(meter.node);
  all.state.node.classList.add('state');
  const show = record => {
    const I = record.pack_current;
    all.state.value.replaceChildren(stateSign(record), stateText(record.bms_state));
    all.state.node.dataset.tone = isFault(record.bms_state) ? 'bad' : 'plain';
    all.voltage.value.textContent = fixed(record.pack_voltage, 2, 'V');
    all.current.value.textContent = fixed(I, 1, 'A');
    all.current.note.textContent = I === null ? '' : Math.abs(I) < kRest_A ? 'at rest' : I > 0 ? 'charging' : 'discharging';
    all.soc.value.textContent = fixed(record.soc, 1, '%');
    all.temperature.value.textContent = fixed(record.temperature, 1, '\u00b0C');
    all.temperature.note.textContent = record.temperature === null ? '' : 'hottest cell';
    meter.set(record.soc);
  };
  return {node: el('dl', {class: 'tiles'}, Object.values(all).map(one => one.node)), show};
}

// Says a change once, in words, to those who listen.
function faultsPanel() {
  const box = el('div', {class: 'faults', role: 'alert'});
  let said = null;
  const show = record => {
    const faults = record.faults, text = JSON.stringify([faults, isFault(record.bms_state)]);
    if (text === said) return;
    said = text;
    box.dataset.tone = inTrouble(record) ? 'bad' : 'plain';
    if (faults && faults.length) {
      box.replaceChildren(el('h2', {}, count(faults.length, 'fault')),
        el('ul', {}, faults.map(word => el('li', {}, faultText(word), ' ', faultText(word) === word ? null : el('code', {}, word)))));
    } else if (box.dataset.tone === 'bad') {
      box.replaceChildren(el('h2', {}, 'The BMS reports a fault'), el('p', {}, 'The device does not say which.'));
    } else {
      box.replaceChildren(el('p', {class: 'soft'}, faults ? 'No faults.' : 'This device does not report faults.'));
    }
  };
  return {box, show};
}

// The name and what belongs to it. Long ones are cut to a few lines, with a button that shows all of them.
function deviceNames(device) {
  const name = el('h1', {class: 'cut'}, el('bdi', {}, device.Name));
  const rest = el('p', {class: 'soft cut'}, [device.DeviceId, device.Model, device.Location].flatMap(text => [' \u00b7 ', el('bdi', {}, text)]).slice(1));
  const all = el('button', {type: 'button', class: 'all', hidden: true, 'aria-expanded': 'false', onclick: () => {
    const open = all.getAttribute('aria-expanded') !== 'true';
    all.setAttribute('aria-expanded', open);
    all.textContent = open ? 'Show less' : 'Show all';
    for (const part of [name, rest]) part.classList.toggle('cut', !open);
  }}, 'Show all');
  const isCut = part => part.scrollHeight > part.clientHeight + 1;
  const look = new ResizeObserver(() => { all.hidden = all.getAttribute('aria-expanded') === 'false' && ![name, rest].some(isCut); });
  for (const part of [name, rest]) look.observe(part);
  return el('div', {class: 'names'}, name, rest, all);
}

const kAwaited = {bms_state: '', faults: null, pack_voltage: null, pack_current: null, soc: null, temperature: null, cell_voltage: Array(15).fill(null)};

// The live half of a device's page. show(record) brings it up to date; tick() keeps its age true; setCut(true) says that it
// is not brought up to date any more. onHeard(record) is told the newest record, again and again.
function liveView(device, onHeard) {
  const fresh = el('span', {class: 'fresh'});
  const numbers = tiles(), faults = faultsPanel(), cells = cellsPanel(device), schematic = schematicPanel();
  const parts = [faults.box, numbers.node, el('div', {class: 'two'}, cells.panel, schematic.panel)];
  const body = el('div', {class: 'live-body'});
  if (device.LastConnected) {  // the room that they take, so that nothing jumps when the record comes
    for (const part of [numbers, cells, schematic]) part.show(kAwaited);
    body.append(el('p', {class: 'soft'}, 'Waiting for the newest record \u2026'), el('div', {class: 'awaited live-body', 'aria-hidden': 'true'}, parts.slice(1)));
  } else {
    body.append(noRecords(device.DeviceId));
  }
  const node = el('div', {class: 'live'}, el('div', {class: 'device-head'}, deviceNames(device), fresh), body);
  let newest = null, cut = false;  // cut: the server is gone
  const tick = () => {
    if (!newest) return;
    const at = measured_ms(newest), ms = serverNow_ms() - at;
    fresh.dataset.tone = cut || ms > kStale_ms || ms < -kAhead_ms ? 'stale' : 'good';
    fresh.textContent = (cut ? 'Last known, measured ' : 'Measured ') + (ms < -kAhead_ms ? aheadText(-ms) : age(Math.max(0, ms)));
    fresh.title = momentText(at) + ' ' + zoneText(at);
    onHeard(newest);
  };
  const show = record => {
    if (!newest) body.replaceChildren(...parts);
    newest = record;
    cut = false;
    for (const part of [faults, numbers, cells, schematic]) part.show(record);
    document.title = stateText(record.bms_state) + ' \u00b7 ' + device.Name + ' \u00b7 packbench';
    node.dataset.record = record.id;
    tick();
  };
  const setCut = value => { cut = value; tick(); };
  return {node, show, tick, setCut};
}
