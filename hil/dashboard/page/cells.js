// The cells as bars between their limits.
//
// Limits belong to the chemistry, which the API does not tell: chosen here and kept in this browser for each device. The
// values are the trips of the BMS profiles that come with packbench.
const kChemistries = {
  lfp: {name: 'LFP', low: 2.8, high: 3.65},
  na_ion: {name: 'Sodium-ion', low: 2.0, high: 4.2},
};

const limitsPlace = id => 'packbench.limits.' + id;

function readLimits(id) {
  try {
    const {low, high, chemistry} = JSON.parse(localStorage.getItem(limitsPlace(id)));
    if (Number.isFinite(low) && Number.isFinite(high) && low < high) return {low, high, chemistry};
  } catch (error) { /* none kept, or none that can be read */ }
  return {...kChemistries.lfp, chemistry: 'lfp'};
}

function limitsForm(id, changed) {
  const kept = readLimits(id);
  const number = (name, value) => el('input', {type: 'number', step: '0.01', min: '0', max: '6.6', value, 'aria-label': name + ' limit in V', name});
  const low = number('low', kept.low), high = number('high', kept.high);
  const choice = el('select', {'aria-label': 'Limits of the cells', name: 'chemistry'},
    Object.entries(kChemistries).map(([value, {name}]) => el('option', {value}, name)), el('option', {value: 'own'}, 'Own limits'));
  const own = el('span', {class: 'own'}, low, '\u2013', high, ' V');
  choice.value = kept.chemistry in kChemistries ? kept.chemistry : 'own';
  const apply = () => {
    const known = kChemistries[choice.value];
    own.hidden = Boolean(known);
    if (known) [low.value, high.value] = [known.low, known.high];
    const limits = {low: Number(low.value), high: Number(high.value), chemistry: choice.value};
    const wrong = !(limits.low < limits.high);
    high.setAttribute('aria-invalid', wrong);
    if (wrong) return;
    localStorage.setItem(limitsPlace(id), JSON.stringify(limits));
    changed();
  };
  [choice, low, high].forEach(input => input.addEventListener('change', apply));
  own.hidden = choice.value !== 'own';
  return el('span', {class: 'limits'}, el('span', {class: 'soft', 'aria-hidden': 'true'}, 'Limits'), choice, own);
}

function cellBar(number) {
  const parts = {fill: el('span', {class: 'fill'}), mark: el('span', {class: 'mark', hidden: true}, '\u25c6'), value: el('span', {class: 'value'})};
  const item = el('li', {}, el('span', {class: 'number'}, String(number)),
    el('span', {class: 'track'}, parts.fill, parts.mark), parts.value);
  return {item, ...parts};
}

function showCell(bar, number, volts, balancing, limits, place) {
  const state = volts === null ? 'unknown' : volts > limits.high ? 'over' : volts < limits.low ? 'under' : 'inside';
  bar.item.dataset.state = state;
  bar.item.style.setProperty('--share', volts === null ? 0 : place(volts));
  bar.item.classList.toggle('balancing', balancing);
  bar.mark.hidden = !balancing;
  bar.value.textContent = fixed(volts, 3);
  const said = {over: ', above its limit', under: ', below its limit', inside: '', unknown: ', no reading'}[state];
  bar.item.setAttribute('aria-label', 'Cell ' + number + ': ' + fixed(volts, 3, 'V') + said + (balancing ? ', balancing' : ''));
}

function cellSummary(volts, balancing) {
  const known = volts.map((v, i) => [v, i + 1]).filter(([v]) => v !== null).sort((a, b) => a[0] - b[0]);
  if (!known.length) return 'No cell has a reading.';
  const [[low, lowest], [high, highest]] = [known[0], known[known.length - 1]];
  const bled = balancing.filter(Boolean).length;
  return 'Lowest: cell ' + lowest + ', ' + fixed(low, 3, 'V') + '. Highest: cell ' + highest + ', ' + fixed(high, 3, 'V') + '. Spread ' +
      fixed((high - low) * 1000, 1, 'mV') + '.' + (bled ? ' ' + count(bled, 'cell') + ' balancing (\u25c6).' : '');
}

function cellsPanel(id) {
  const list = el('ol', {class: 'cells', 'aria-label': 'Cell voltages'});
  const summary = el('p', {class: 'soft summary'});
  const scale = ['high', 'low'].map(name => el('span', {class: 'limit ' + name}));
  let bars = [], newest = null;
  const show = record => {
    newest = record;
    const volts = record.cell_voltage, balancing = volts.map((_, i) => Boolean(record.balancing && record.balancing[i]));
    if (bars.length !== volts.length) {
      bars = volts.map((_, i) => cellBar(i + 1));
      list.replaceChildren(...bars.map(bar => bar.item));
      list.style.setProperty('--count', volts.length);
    }
    const limits = readLimits(id), known = volts.filter(v => v !== null), room = (limits.high - limits.low) * 0.12;
    const bottom = Math.max(0, Math.min(limits.low, ...known) - room), top = Math.max(limits.high, ...known) + room;
    const place = v => (v - bottom) / (top - bottom);
    for (const [i, name] of ['high', 'low'].entries()) {
      panel.style.setProperty('--' + name, place(limits[name]));
      scale[i].textContent = fixed(limits[name], 2, 'V');
    }
    bars.forEach((bar, i) => showCell(bar, i + 1, volts[i], balancing[i], limits, place));
    summary.textContent = cellSummary(volts, balancing);
  };
  const panel = el('section', {class: 'panel cells-panel'},
    el('div', {class: 'panel-head'}, el('h2', {}, 'Cells'), limitsForm(id, () => newest && show(newest))),
    el('div', {class: 'cells-frame'}, el('div', {class: 'scale', 'aria-hidden': 'true'}, scale), list), summary);
  return {panel, show};
}
