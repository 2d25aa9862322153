// Line plots: which signals, in which groups of lines.

// Aligned columns for uPlot from lines with their own times.
function aligned(lines) {
  if (lines.every(line => line.times === lines[0].times)) return [lines[0].times, ...lines.map(line => line.values)];
  return uPlot.join(lines.map(line => [line.times, line.values]));
}

function scaled(line, factor) {
  return factor === 1 ? line : {times: line.times, values: line.values.map(v => v === null ? null : v * factor)};
}

// One line per view that has the signal.
function scalarLines(plots, signals, unit, factor) {
  const lines = [];
  for (const [name, label, extra] of signals) {
    const found = plots.lines[name];
    if (found) lines.push({line: scaled(found[0], factor), series: viewSeries(name.split('.')[0], label, unit, extra)});
  }
  return lines;
}

function across(elements, pick) {
  const values = elements[0].values.map((_, i) => {
    const known = elements.map(e => e.values[i]).filter(v => v !== null);
    return known.length ? pick(known) : null;
  });
  return {times: elements[0].times, values};
}

const kPicks = {
  min: list => Math.min(...list),
  mean: list => list.reduce((a, b) => a + b, 0) / list.length,
  max: list => Math.max(...list),
};

// Least, mean and greatest of an array signal in each view; the mean for the truth only.
function spreadLines(plots, arrays, unit) {
  const lines = [];
  for (const [name, view] of arrays) {
    const elements = plots.lines[name];
    if (!elements) continue;
    const picks = elements.length === 1 ? ['max'] : view === 'truth' ? ['min', 'mean', 'max'] : ['min', 'max'];
    for (const pick of picks) {
      const label = elements.length === 1 ? view : view + ' ' + pick;
      lines.push({line: across(elements, kPicks[pick]), series: viewSeries(view, label, unit, {width: pick === 'mean' ? 1 : kViews[view].width})});
    }
  }
  return lines;
}

// Every element of an array signal, from the view's colour to a mix with the accent.
function elementLines(plots, name, view, unit, what) {
  return (plots.lines[name] || []).map((line, i, all) => {
    const share = all.length < 2 ? 100 : Math.round(100 - 75 * i / (all.length - 1));
    return {line, series: viewSeries(view, what + ' ' + (line.index + 1), unit,
                                     {width: 1.25, dash: i % 3 === 1 ? [6, 3] : i % 3 === 2 ? [2, 3] : undefined,
                                      stroke: mixed(view, share)})};
  });
}

// The colour `share` % view, the rest a contrasting hue of the same lightness.
function mixed(view, share) {
  const other = view === 'truth' ? '#a05bd0' : view === 'sensed' ? '#c14fb0' : view === 'device' ? '#a08a10' : '#5a78d8';
  const [a, b] = [color(view), other].map(hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)));
  return 'rgb(' + a.map((v, i) => Math.round((v * share + b[i] * (100 - share)) / 100)).join(',') + ')';
}

// A plot of every cell where anything happened at all.
function happened(plots, name, title, unit, factor) {
  const lines = plots.lines[name];
  if (!lines || !lines.some(line => line.values.some(value => value > 1e-9))) return [];
  return [{title, unit, height: 150, choices: [['', () => elementLines({lines: {[name]: lines.map(line => Object.assign({index: line.index}, scaled(line, factor)))}}, name, 'truth', unit, 'cell')]]}];
}

// The line plots of a page: each has one or more choices of lines.
function linePlots(plots) {
  const four = name => [['truth.' + name, 'truth'], ['sensed.' + name, 'sensed'], ['device.' + name, 'device'], ['api.' + name, 'api']];
  const cells = [['truth.cell_voltage', 'truth'], ['sensed.cell_voltage', 'sensed'], ['device.cell_voltage', 'device'], ['api.cell_voltage', 'api']];
  const temperatures = [['truth.cell_temperature', 'truth'], ['sensed.temperature', 'sensed'], ['device.temperature', 'device'], ['api.temperature', 'api']];
  const everyOne = (arrays, unit, what) => arrays.filter(([name]) => (plots.lines[name] || []).length > 1).map(([name, view]) =>
    ['all ' + view, () => elementLines(plots, name, view, unit, view === 'truth' || what === 'cell' ? 'cell' : 'sensor')]);
  return [
    {title: 'Pack current', unit: 'A', height: 190, choices: [['', () => scalarLines(plots, four('pack_current'), 'A', 1)]]},
    {title: 'Pack voltage', unit: 'V', height: 170, choices: [['', () => scalarLines(plots, four('pack_voltage'), 'V', 1)]]},
    {title: 'Cell voltage', unit: 'V', height: 210,
     choices: [['min mean max', () => spreadLines(plots, cells, 'V')], ...everyOne(cells, 'V', 'cell')]},
    {title: 'State of charge', unit: '%', height: 170,
     choices: [['', () => scalarLines(plots, [['truth.soc', 'truth'], ['device.soc', 'device'], ['api.soc', 'api'], ['device.ocv_soc', 'device, from OCV', {width: 1, dash: [3, 3]}]], '%', 100)]]},
    {title: 'Temperature', unit: 'degC', height: 170,
     choices: [['min mean max', () => spreadLines(plots, temperatures, 'degC')], ...everyOne(temperatures, 'degC', 'sensor'),
               ['cores', () => elementLines(plots, 'truth.cell_core_temperature', 'truth', 'degC', 'core')]]},
    ...happened(plots, 'truth.cell_reacted', 'Decomposed', '%', 100),
    ...happened(plots, 'truth.cell_plating', 'Charge above the plating limit', 'Ah', 1),
  ];
}

// Draws `lines` into `host`; returns the uPlot, or null without any line.
function drawLines(host, spec, lines, run, shared) {
  if (!lines.length) return null;
  const time = {label: 't', value: (u, t) => t === null || t === undefined ? '\u2013' : significant(t, 7) + '\u00a0s'};
  const options = {
    width: host.clientWidth, height: spec.height,
    scales: {x: {time: false}, y: {range: (u, low, high) => paddedRange(low, high)}},
    series: [time, ...lines.map(entry => entry.series)],
    axes: axes(), legend: {live: true}, cursor: {sync: {key: shared.key}, drag: {x: true, y: false}, points: {size: 5}},
    plugins: [marks(run), shared.zoom],
  };
  return new uPlot(options, aligned(lines.map(entry => entry.line)), host);
}

function paddedRange(low, high) {
  if (low === null || high === null) return [0, 1];
  const room = Math.max((high - low) * 0.12, Math.abs(high) * 1e-4, 1e-3);
  return [low - room, high + room];
}
