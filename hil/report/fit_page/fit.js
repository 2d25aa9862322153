'use strict';

const fit = JSON.parse(document.getElementById('fit').textContent);
const kStrokes = ['#2f6fde', '#c2571a', '#2e8b57', '#8a4fbf', '#b5387a', '#5c6b7a', '#a08000', '#008b9a', '#d03030'];

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  for (const child of children.flat()) node.append(child);
  return node;
}

const main = document.getElementById('report');
const base = path => path.slice(path.lastIndexOf('/') + 1);
const mV = value => (1e3 * value).toFixed(2);
const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim() || '#888';

function table(titles, rows) {
  const row = (cells, tag) => el('tr', {}, cells.map(cell => el(tag, {}, String(cell))));
  main.append(el('table', {class: 'fit-table'}, el('thead', {}, row(titles, 'th')), el('tbody', {}, rows.map(r => row(r, 'td')))));
}

// lines: [{label, x, y, dots}], each with its own x; the axis is SOC in percent.
function plot(title, unit, lines) {
  const xs = [...new Set(lines.flatMap(line => line.x))].sort((a, b) => a - b);
  const at = new Map(xs.map((x, i) => [x, i]));
  const columns = lines.map(line => {
    const column = new Array(xs.length).fill(undefined);
    line.x.forEach((x, i) => { column[at.get(x)] = line.y[i]; });
    return column;
  });
  const place = el('div', {class: 'plot'}, el('h3', {}, title + ', ' + unit));
  main.append(place);
  const axis = {stroke: color('soft'), grid: {stroke: color('grid'), width: 1}, font: '11px system-ui, sans-serif'};
  const value = (u, v) => v === null || v === undefined ? '\u2013' : v.toPrecision(5);
  const series = lines.map((line, i) => ({label: line.label, stroke: kStrokes[i % kStrokes.length], width: line.dots ? 0 : 1.5, spanGaps: true, value,
                                         points: {show: Boolean(line.dots), size: 3}}));
  new uPlot({width: Math.max(320, Math.min(1100, main.clientWidth - 20)), height: 260, scales: {x: {time: false}},
             axes: [axis, Object.assign({size: 60}, axis)], series: [{label: 'SOC %', value}, ...series]}, [xs, ...columns], place);
}

const percent = list => list.map(x => 100 * x);

function mapLines(map, side) {
  const n = map.temperature_degC.length;
  return map.temperature_degC.map((degC, t) => ({label: degC + ' degC' + (side === 'charge' ? ', charge' : ''), x: percent(map.soc),
                                                y: map.soc.map((_, j) => 1e3 * map[side + '_ohm'][j * n + t])}));
}

function resistance(title, map) {
  const same = map.charge_ohm.every((ohm, i) => ohm === map.discharge_ohm[i]);
  plot(title, 'mohm', same ? mapLines(map, 'discharge') : [...mapLines(map, 'discharge'), ...mapLines(map, 'charge')]);
}

function summary() {
  main.append(el('h1', {}, 'Identified cell ' + fit.name));
  const pairs = fit.pairs.map((pair, i) => ` Pair ${i + 1}: ${pair.tau_s.toPrecision(3)} \u00b1 ${Number(pair.tau_sigma_s.toPrecision(2))} s.`).join('');
  main.append(el('p', {}, `Capacity ${fit.capacity_Ah.toPrecision(4)} Ah.${pairs} Residuals are measured less modelled voltage; the window is 10 to 95 % SOC.`));
  table(['Record', 'degC', 'window rms / mV', 'as a cell / mV', 'below 10 % / mV', 'above 95 % / mV'],
        fit.records.map(r => [base(r.name), r.temperature_degC, mV(r.window_rms_V), mV(r.cell_window_rms_V), mV(r.knee_rms_V), mV(r.top_rms_V)]));
  if (fit.remarks.length) main.append(el('h2', {}, 'Not identified'), el('ul', {}, fit.remarks.map(text => el('li', {}, text))));
}

function curves() {
  main.append(el('h2', {}, 'Tables'));
  const ocv = [{label: 'OCV at 25 degC', x: percent(fit.ocv_V.soc), y: fit.ocv_V.value}];
  plot('Open-circuit voltage, between the branches', 'V', ocv);
  if (fit.hysteresis_V.soc.length)
    plot('Hysteresis, charge less discharge branch', 'mV', [{label: 'gap', x: percent(fit.hysteresis_V.soc), y: fit.hysteresis_V.value.map(v => 1e3 * v)}]);
  if (fit.entropy_V_per_K.soc.length)
    plot('dU/dT', 'mV/K', [{label: 'dU/dT', x: percent(fit.entropy_V_per_K.soc), y: fit.entropy_V_per_K.value.map(v => 1e3 * v)}]);
  resistance('R0', fit.r0);
  fit.pairs.forEach((pair, i) => resistance(`Resistance of pair ${i + 1}`, pair.resistance));
}

function residuals() {
  main.append(el('h2', {}, 'Residuals of the fitted records'));
  fit.records.forEach((record, i) => plot(base(record.name), 'mV', [{label: 'measured less modelled', x: fit.plots[i].soc, y: fit.plots[i].misfit_mV, dots: true}]));
  plot('Root mean square by SOC', 'mV', fit.records.map(r => ({label: r.temperature_degC + ' degC', x: r.bins.map(b => 50 * (b.from_soc + b.to_soc)),
                                                             y: r.bins.map(b => 1e3 * b.rms_V)})));
}

function validations() {
  if (!fit.validations.length) return;
  main.append(el('h2', {}, 'Records that were not fitted'));
  table(['Record', 'capacity / Ah', 'window rms / mV', 'mean / mV', 'below 10 % / mV', 'warmest / degC'],
        fit.validations.map(v => [base(v.name), v.capacity_Ah.toFixed(2), mV(v.window.rms_V), mV(v.window.mean_V), mV(v.knee.rms_V),
                                  v.isothermal ? 'kept' : v.warmest_degC.toFixed(1)]));
  const names = [...new Set(fit.validations.map(v => v.name))];
  for (const name of names) {
    const chosen = fit.replays.filter((_, i) => fit.validations[i].name === name);
    plot(base(name) + ', measured', 'V', chosen.map((line, i) => ({label: String(i + 1), x: line.soc, y: line.measured_V})));
    plot(base(name) + ', measured less modelled', 'mV', chosen.map((line, i) => ({label: String(i + 1), x: line.soc, y: line.misfit_mV})));
  }
}

summary();
curves();
residuals();
validations();
