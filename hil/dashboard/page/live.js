// What a device measures now.
const kStale_ms = 10000;

function tile(name) {
  const value = el('dd', {class: 'value'}), note = el('dd', {class: 'note'});
  return {node: el('div', {class: 'tile'}, el('dt', {}, name), value, note), value, note};
}

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
    all.state.value.textContent = record.bms_state.replaceAll('_', ' ');
    all.state.node.dataset.tone = record.bms_state.startsWith('FAULT') ? 'bad' : 'plain';
    all.voltage.value.textContent = fixed(record.pack_voltage, 2, 'V');
    all.current.value.textContent = fixed(I, 1, 'A');
    all.current.note.textContent = I === null || Math.abs(I) < 0.05 ? 'at rest' : I > 0 ? 'charging' : 'discharging';
    all.soc.value.textContent = fixed(record.soc, 1, '%');
    all.temperature.value.textContent = fixed(record.temperature, 1, '\u00b0C');
    all.temperature.note.textContent = 'hottest cell';
    meter.set(record.soc);
  };
  return {node: el('dl', {class: 'tiles'}, Object.values(all).map(one => one.node)), show};
}

// Says a change once, in words, to those who listen.
function faultsPanel() {
  const box = el('div', {class: 'faults', role: 'alert'});
  let said = null;
  const show = record => {
    const faults = record.faults, text = JSON.stringify([faults, record.bms_state.startsWith('FAULT')]);
    if (text === said) return;
    said = text;
    box.dataset.tone = (faults && faults.length) || record.bms_state.startsWith('FAULT') ? 'bad' : 'plain';
    if (faults && faults.length) {
      box.replaceChildren(el('h2', {}, count(faults.length, 'fault')),
        el('ul', {}, faults.map(word => el('li', {}, faultText(word), ' ', el('code', {}, word)))));
    } else if (box.dataset.tone === 'bad') {
      box.replaceChildren(el('h2', {}, 'The BMS reports a fault'), el('p', {}, 'The device does not say which.'));
    } else {
      box.replaceChildren(el('p', {class: 'soft'}, faults ? 'No faults.' : 'This device does not report faults.'));
    }
  };
  return {box, show};
}

// The live half of a device's page. show(record) brings it up to date; tick() keeps its age true; setCut(true) says that it
// is not brought up to date any more.
function liveView(device) {
  const fresh = el('span', {class: 'fresh'});
  const numbers = tiles(), faults = faultsPanel(), cells = cellsPanel(device.DeviceId), schematic = schematicPanel();
  const body = el('div', {class: 'live-body'}, noRecords(device.DeviceId));
  const node = el('div', {class: 'live'},
    el('div', {class: 'device-head'}, el('div', {}, el('h1', {}, device.Name), el('p', {class: 'soft'}, [device.DeviceId, device.Model, device.Location].join(' \u00b7 '))), fresh), body);
  let newest = null, cut = false;  // cut: the server is gone
  const tick = () => {
    if (!newest) return;
    const ms = Math.max(0, serverNow_ms() - measured_ms(newest));
    fresh.dataset.tone = cut || ms > kStale_ms ? 'stale' : 'good';
    fresh.textContent = (cut ? 'Last known, measured ' : 'Measured ') + age(ms);
    fresh.title = momentText(measured_ms(newest));
    markHeard(document.getElementById('devices'), newest._ts * 1000);
  };
  const show = record => {
    if (!newest) body.replaceChildren(faults.box, numbers.node, el('div', {class: 'two'}, cells.panel, schematic.panel));
    newest = record;
    cut = false;
    for (const part of [faults, numbers, cells, schematic]) part.show(record);
    document.title = record.bms_state.replaceAll('_', ' ') + ' \u00b7 ' + device.Name + ' \u00b7 packbench';
    node.dataset.record = record.id;
    tick();
  };
  const setCut = value => { cut = value; tick(); };
  return {node, show, tick, setCut};
}
