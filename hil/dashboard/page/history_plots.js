// The plots of a window of time: lines from the last record of each bucket, bands from the least to the greatest reading.
const kPlotHeight = 170, kPlotLeft = 58, kPlotRight = 22;  // px; the band of states has these edges too

const kPlots = [
  {id: 'cells', title: 'Cell voltage', unit: 'V', digits: 3, lines: [
    {label: 'highest cell', color: 'sensed', of: record => edge(record.cell_voltage, Math.max), spread: true},
    {label: 'lowest cell', color: 'device', dash: [6, 4], of: record => edge(record.cell_voltage, Math.min), spread: true}]},
  {id: 'current', title: 'Current', unit: 'A', digits: 1, lines: [{label: 'current', color: 'sensed', of: record => record.pack_current, spread: true}]},
  {id: 'voltage', title: 'Pack voltage', unit: 'V', digits: 2, lines: [{label: 'pack', color: 'sensed', of: record => record.pack_voltage, spread: true}]},
  {id: 'soc', title: 'State of charge', unit: '%', digits: 1, lines: [
    {label: 'reported', color: 'sensed', of: record => record.soc},
    {label: 'from OCV', color: 'device', dash: [6, 4], of: record => record.ocv_soc}]},
  {id: 'temperature', title: 'Temperature', unit: 'degC', digits: 1, lines: [{label: 'hottest cell', color: 'device', of: record => record.temperature, spread: true}]},
];

function edge(values, pick) {
  const known = values.filter(v => v !== null);
  return known.length ? pick(...known) : null;
}

// The places of a window, {t, i}: times in s with the record's number, null in each pause of the device, where lines break;
// and how long a silence is such a pause.
function timeline(records, every_s) {
  const at = records.map(record => measured_ms(record) / 1000);
  const steps = at.slice(1).map((t, i) => t - at[i]).sort((a, b) => a - b);
  const pause_s = 2.5 * Math.max(every_s, steps.length ? steps[Math.floor(steps.length / 2)] : 0);
  const places = [];
  at.forEach((t, i) => {
    if (i > 0 && t - at[i - 1] > pause_s) places.push({t: at[i - 1] + every_s / 2, i: null});
    places.push({t, i});
  });
  return {places, pause_s};
}

// Columns of a plot: times, then for each line its values and, where there are bands, the greatest and the least.
function columns(plot, data) {
  const places = data.places, bucket = record => Math.floor(measured_ms(record) / 1000 / data.every_s);
  const byBucket = records => new Map((records || []).map(record => [bucket(record), record]));
  const low = byBucket(data.min), high = byBucket(data.max);
  const column = pick => places.map(({i}) => i === null ? null : pick(data.last[i]));
  const of = (line, record) => record ? line.of(record) : null;
  const all = [places.map(place => place.t)];
  for (const line of plot.lines) {
    all.push(column(line.of));
    if (line.spread) all.push(column(record => of(line, high.get(bucket(record)))), column(record => of(line, low.get(bucket(record)))));
  }
  return all;
}

// Places of values without a neighbour, which no line shows.
function alone(u, series) {
  const values = u.data[series], known = i => values[i] !== null && values[i] !== undefined;
  return values.map((_, i) => i).filter(i => known(i) && !known(i - 1) && !known(i + 1));
}

function plotSeries(plot) {
  const series = [{label: 'time'}], bands = [];
  const value = (u, v) => v === null || v === undefined ? kNone : fixed(v, plot.digits) + unitText(plot.unit);
  for (const line of plot.lines) {
    const stroke = color(line.color);
    series.push({label: line.label, stroke, width: 1.75, dash: line.dash, points: {show: true, size: 5, fill: stroke, filter: alone}, value});
    if (!line.spread) continue;
    const bound = {stroke: 'transparent', width: 0, points: {show: false}, class: 'bound'};
    bands.push({series: [series.length, series.length + 1], fill: stroke + '55'});
    series.push({...bound, label: line.label + ', greatest'}, {...bound, label: line.label + ', least'});
  }
  return {series, bands};
}

// "14:05", with the day below where one begins, and at the first tick.
function timeTicks(u, ticks, axis, space, step) {
  let before = null;
  return ticks.map(t => {
    const date = new Date(t * 1000), day = dayText(date);
    const text = step >= 86400 ? day : clockText(date, step < 60);
    const newDay = day !== before;
    before = day;
    return step < 86400 && newDay ? text + '\n' + day : text;
  });
}

const readings = u => u.data.slice(1).some(column => column.some(v => v !== null && v !== undefined));

// None at the very bottom, where the times begin, and none where there is nothing to read.
function valueTicks(u, ticks) {
  const height = u.bbox.height / devicePixelRatio;
  return ticks.map(t => u.valToPos(t, 'y') > height - 7 || !readings(u) ? '' : significant(t, 6));
}

// One plot in its frame; draw(data, window) brings it up to date, point(i) puts the cursor on a place of the timeline.
// events: onSelect(from_s, to_s), onReset(), onPoint(i or null).
function historyPlot(plot, events) {
  const host = el('div', {class: 'canvas'}), nothing = el('p', {class: 'soft no-readings', hidden: true}, 'No readings in this window.');
  const node = el('figure', {class: 'plot', 'data-plot': plot.id}, el('figcaption', {}, plot.title + ' [' + unitText(plot.unit).trim() + ']'), el('div', {class: 'canvas-frame'}, host, nothing));
  let drawn = null, shown = null;
  const make = () => {
    if (drawn) drawn.destroy();
    const axis = {stroke: color('soft'), grid: {stroke: color('grid'), width: 1}, ticks: {show: false}, font: '12px system-ui, sans-serif'};
    const {series, bands} = plotSeries(plot);
    drawn = new uPlot({
      width: host.clientWidth, height: kPlotHeight, padding: [8, kPlotRight, 0, 0], series, bands,
      scales: {x: {time: true, range: () => [shown.from_s, shown.to_s]}, y: {range: (u, low, high) => niceRange(low, high, plot.digits)}},
      axes: [{...axis, size: 40, gap: 4, space: 70, values: timeTicks},
             {...axis, size: kPlotLeft, gap: 6, space: 26, values: valueTicks}],
      cursor: {y: false, sync: {key: 'history', filters: {pub: type => type === 'mousemove' || type === 'mouseleave'}}, drag: {x: true, y: false, setScale: false}, points: {size: 6}, bind: {dblclick: () => () => { events.onReset(); return null; }}},
      legend: {live: true},
      hooks: {setCursor: [u => events.onPoint(u.cursor.idx ?? null)], setSelect: [u => {
        if (u.select.width < 4) return;
        const [from, to] = [u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')];
        u.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
        events.onSelect(from, to);
      }]},
    }, columns(plot, shown.data), host);
  };
  const draw = (data, window) => {
    shown = {data, from_s: window.from_ms / 1000, to_s: window.to_ms / 1000};
    drawn ? drawn.setData(columns(plot, data)) : make();
    node.dataset.points = data.last.length;
    nothing.hidden = readings(drawn);
  };
  const point = i => drawn && drawn.setCursor(i === null ? {left: -10, top: -10} : {left: drawn.valToPos(drawn.data[0][i], 'x'), top: 10}, true, false);
  const fit = () => drawn && host.clientWidth > 0 && drawn.setSize({width: host.clientWidth, height: kPlotHeight});
  return {node, draw, point, fit, restyle: () => drawn && make()};
}

// At least ten of the last digit high, so that noise does not look like an event.
function niceRange(low, high, digits) {
  if (low === null || high === null) return [0, 1];
  const least = 10 * 10 ** -digits, middle = (low + high) / 2, half = Math.max((high - low) * 0.6, least / 2);
  return [middle - half, middle + half];
}
