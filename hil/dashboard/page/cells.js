// The cells as bars between their limits.
function cellBar(number) {
  const parts = {fill: el('span', {class: 'fill'}), mark: el('span', {class: 'mark', hidden: true}, '\u25c6'), value: el('span', {class: 'value'})};
  const item = el('li', {}, el('span', {class: 'number'}, String(number)),
    el('span', {class: 'track'}, parts.fill, parts.mark), parts.value);
  return {item, ...parts};
}

function showCell(bar, number, volts, balancing, limits, place) {
  const limited = limits.low !== null;
  const state = volts === null ? 'unknown' : limited && volts > limits.high ? 'over' : limited && volts < limits.low ? 'under' : 'inside';
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

// What the bars reach from and to: some room around limits and readings, in whole tenths of a volt without limits, so that
// it stands still.
function cellScale(limits, known) {
  if (limits.low === null) {
    if (!known.length) return {bottom: 0, top: 1, marks: [null, null]};
    const bottom = Math.max(0, Math.floor(Math.min(...known) * 10 - 0.5) / 10), top = Math.ceil(Math.max(...known) * 10 + 0.5) / 10;
    return {bottom, top, marks: [top, bottom]};
  }
  const room = (limits.high - limits.low) * 0.12;
  return {bottom: Math.max(0, Math.min(limits.low, ...known) - room), top: Math.max(limits.high, ...known) + room, marks: [limits.high, limits.low]};
}

function cellsPanel(device) {
  const list = el('ol', {class: 'cells', 'aria-label': 'Cell voltages'});
  const summary = el('p', {class: 'soft summary'}), source = el('p', {class: 'soft source'});
  const scale = ['high', 'low'].map(name => el('span', {class: 'limit ' + name}));
  let bars = [], newest = null, limits = limitsOf(device);
  const show = record => {
    newest = record;
    const volts = record.cell_voltage, balancing = volts.map((_, i) => Boolean(record.balancing && record.balancing[i]));
    if (bars.length !== volts.length) {
      bars = volts.map((_, i) => cellBar(i + 1));
      list.replaceChildren(...bars.map(bar => bar.item));
      list.style.setProperty('--count', volts.length);
      list.classList.toggle('many', volts.length > 16);
    }
    const {bottom, top, marks} = cellScale(limits, volts.filter(v => v !== null));
    const place = v => (v - bottom) / (top - bottom);
    for (const [i, name] of ['high', 'low'].entries()) {
      panel.style.setProperty('--' + name, marks[i] === null ? 0 : place(marks[i]));
      scale[i].textContent = marks[i] === null ? '' : fixed(marks[i], 2, 'V');
    }
    panel.classList.toggle('unlimited', limits.low === null);
    bars.forEach((bar, i) => showCell(bar, i + 1, volts[i], balancing[i], limits, place));
    summary.textContent = cellSummary(volts, balancing);
  };
  const say = () => { source.textContent = limitsSource(limits); };
  const chosen = () => {
    limits = limitsOf(device);
    say();
    if (newest) show(newest);
  };
  say();
  const panel = el('section', {class: 'panel cells-panel'},
    el('div', {class: 'panel-head'}, el('h2', {}, 'Cells'), limitsForm(device, chosen)),
    el('div', {class: 'cells-frame'}, el('div', {class: 'scale', 'aria-hidden': 'true'}, scale), list), summary, source);
  return {panel, show};
}
