// States, contactors, faults and check windows as bands over time, one lane per view.
const kContactors = [
  ['Main contactor', [['truth.main_contactor', 'truth'], ['sensed.main_feedback', 'sensed'], ['device.main_drive', 'device', 'drive'],
                      ['device.main_contactor', 'device'], ['api.main_contactor_state', 'api']]],
  ['Charger contactor', [['truth.charger_contactor', 'truth'], ['sensed.charger_feedback', 'sensed'], ['device.charger_drive', 'device', 'drive'],
                         ['device.charger_contactor', 'device'], ['api.charger_contactor_state', 'api']]],
  ['Precharge contactor', [['truth.precharge_contactor', 'truth'], ['device.precharge_drive', 'device', 'drive'], ['device.precharge_contactor', 'device']]],
];
const kLane = 15, kHeading = 21;

function wordOf(code, value) {
  if (value === null) return '';
  if (code.kind === 'code') return code.words[value] || 'unknown(' + value + ')';
  const set = [];
  code.words.forEach((word, bit) => { if (Math.floor(value / 2 ** bit) % 2 === 1) set.push(word); });
  return set.join(' ');
}

// [{from, to, word}] from changes.
function segmentsOf(code) {
  const segments = [];
  for (let i = 0; i < code.times.length; ++i) {
    const to = i + 1 < code.times.length ? code.times[i + 1] : code.times[i];
    if (code.values[i] !== null) segments.push({from: code.times[i], to, word: wordOf(code, code.values[i])});
  }
  return segments;
}

function codeLane(plots, name, view, label) {
  const code = plots.codes[name];
  return code && {view, label: label || view, segments: segmentsOf(code)};
}

// [{title, kind, lanes}]; a section without a lane that says anything is left out.
function laneSections(plots, run) {
  const section = (title, kind, signals) =>
    ({title, kind, lanes: signals.map(([name, view, label]) => codeLane(plots, name, view, label)).filter(Boolean)});
  const sections = [section('BMS state', 'words', [['device.state', 'device'], ['api.bms_state', 'api']]),
                    ...kContactors.map(([title, signals]) => section(title, 'contactor', signals)),
                    section('Faults and warnings', 'set', [['device.faults', 'device', 'faults'], ['device.latched_faults', 'device', 'latched'], ['device.warnings', 'device', 'warnings']])];
  const faults = sections[sections.length - 1];
  faults.lanes = faults.lanes.filter(lane => lane.segments.some(segment => segment.word !== ''));
  for (const check of run.checks) {
    if (!check.windows.length) continue;
    const segments = check.windows.map(([from, to]) => ({from, to, word: check.verdict}));
    sections.push({title: 'Check: ' + check.name, kind: 'check', lanes: [{view: 'check', label: 'window', segments}]});
  }
  return sections.filter(s => s.lanes.length);
}

// Vertical places in CSS pixels, and the total height.
function laneLayout(sections) {
  let y = 0;
  const rows = [];
  for (const section of sections) {
    rows.push({y, heading: section.title});
    y += kHeading;
    for (const lane of section.lanes) {
      rows.push({y, lane, kind: section.kind});
      y += kLane;
    }
    y += 6;
  }
  return {rows, height: y};
}

function segmentStyle(kind, lane, word) {
  if (kind === 'check') return {fill: color(word), alpha: 0.75, text: false};
  if (kind === 'contactor') return word === 'closed' ? {fill: color(lane.view), alpha: 0.8, text: false} : {fill: color(lane.view), alpha: 0.13, text: false};
  if (kind === 'set') return word === '' ? null : {fill: color(lane.label === 'warnings' ? 'inconclusive' : 'fail'), alpha: 0.22, text: true};
  const bad = word.startsWith('FAULT');
  return {fill: bad ? color('fail') : color(lane.view), alpha: bad ? 0.3 : word === 'IDLE' || word === 'STANDBY' ? 0.13 : 0.26, text: true};
}

function drawSegment(u, row, segment, style, ratio) {
  const {ctx, bbox} = u, top = bbox.top + row.y * ratio, height = (kLane - 3) * ratio;
  const from = Math.max(u.valToPos(segment.from, 'x', true), bbox.left);
  const to = Math.min(u.valToPos(segment.to, 'x', true), bbox.left + bbox.width);
  if (to < bbox.left || from > bbox.left + bbox.width) return;
  ctx.globalAlpha = style.alpha;
  ctx.fillStyle = style.fill;
  ctx.fillRect(from, top, Math.max(to - from, 1.5 * ratio), height);
  ctx.globalAlpha = 1;
  if (!style.text) return;
  ctx.fillStyle = color('ink');
  const label = fitted(ctx, segment.word, to - from - 6 * ratio);
  if (label) ctx.fillText(label, from + 3 * ratio, top + height / 2);
}

function setFont(ctx, weight, size) {
  ctx.font = weight + ' ' + size * devicePixelRatio + 'px system-ui, sans-serif';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';  // the axes leave their own
}

function drawLaneRows(u, layout) {
  const {ctx, bbox} = u, ratio = devicePixelRatio;
  ctx.save();
  setFont(ctx, '', 10);
  for (const row of layout.rows.filter(r => r.lane)) {
    ctx.fillStyle = color(row.lane.view === 'check' ? 'soft' : row.lane.view);
    ctx.textAlign = 'right';
    ctx.fillText(row.lane.label, bbox.left - 5 * ratio, bbox.top + (row.y + (kLane - 3) / 2) * ratio);
    ctx.textAlign = 'left';
    for (const segment of row.lane.segments) {
      const style = segmentStyle(row.kind, row.lane, segment.word);
      if (style) drawSegment(u, row, segment, style, ratio);
    }
  }
  ctx.restore();
}

// Last, on a patch of paper, so that no line crosses them.
function drawLaneHeadings(u, layout) {
  const {ctx, bbox} = u, ratio = devicePixelRatio;
  ctx.save();
  setFont(ctx, '600', 11);
  for (const row of layout.rows.filter(r => r.heading)) {
    const text = fitted(ctx, row.heading, bbox.width + bbox.left - 8 * ratio), top = bbox.top + row.y * ratio;
    ctx.fillStyle = color('paper');
    ctx.fillRect(0, top + 3 * ratio, ctx.measureText(text).width + 8 * ratio, (kHeading - 5) * ratio);
    ctx.fillStyle = color('ink');
    ctx.fillText(text, 2 * ratio, top + (kHeading / 2 + 1) * ratio);
  }
  ctx.restore();
}

// "t 12.3 s · BMS state CHARGING · main closed ...": what the device said under the cursor.
function laneReadout(sections, time) {
  const parts = ['t\u00a0' + significant(time, 6) + '\u00a0s'];
  for (const section of sections) {
    if (section.kind === 'check') continue;
    for (const lane of section.lanes) {
      if (section.kind === 'contactor' && lane.view !== 'truth') continue;
      const hit = lane.segments.find(segment => segment.from <= time && time < segment.to);
      if (!hit || hit.word === '') continue;
      const label = section.kind === 'set' ? lane.label : section.title + ' (' + lane.label + ')';
      parts.push(label + '\u00a0' + hit.word);
    }
  }
  return parts.join(' \u00b7 ');
}

function drawLanes(host, readout, plots, run, range, shared) {
  const sections = laneSections(plots, run);
  if (!sections.length) return null;
  const layout = laneLayout(sections), [x, y] = axes();
  const options = {
    width: host.clientWidth, height: layout.height + 26 + 8, padding: [8, null, 0, null],
    scales: {x: {time: false}, y: {range: [0, 1]}},
    series: [{}, {show: false}], legend: {show: false},
    axes: [x, Object.assign(y, {values: () => [], grid: {show: false}})],
    cursor: {sync: {key: shared.key}, drag: {x: true, y: false}, y: false},
    plugins: [{hooks: {
      draw: [u => drawLaneRows(u, layout), u => drawFaults(u, run), u => drawFailures(u, run), u => drawLaneHeadings(u, layout)],
      setCursor: [u => { readout.textContent = u.cursor.left >= 0 ? laneReadout(sections, u.posToVal(u.cursor.left, 'x')) : ''; }],
    }}, shared.zoom],
  };
  return new uPlot(options, [range, [null, null]], host);
}
