// All plots of one run: shared cursor and zoom, drawn when first seen, drawn again when size or colours change.
function sharedZoom(key) {
  const members = [];
  let busy = false;
  const follow = (u, scale) => {
    if (scale !== 'x' || busy) return;
    busy = true;
    const {min, max} = u.scales.x;
    for (const other of members) {
      if (other !== u && (other.scales.x.min !== min || other.scales.x.max !== max)) other.setScale('x', {min, max});
    }
    busy = false;
  };
  return {key, members, zoom: {hooks: {
    ready: [u => members.push(u)],
    destroy: [u => members.splice(members.indexOf(u), 1)],
    setScale: [follow],
  }}};
}

function timeRange(plots) {
  const all = [...Object.values(plots.lines).map(list => list[0].times), ...Object.values(plots.codes).map(code => code.times)];
  const known = all.filter(times => times.length);
  return [Math.min(...known.map(t => t[0])), Math.max(...known.map(t => t[t.length - 1]))];
}

function windowVerdicts(run) {
  return [...new Set(run.checks.filter(check => check.windows.length).map(check => check.verdict))];
}

function viewKey(run, plots) {
  const signals = [...Object.keys(plots.lines), ...Object.keys(plots.codes)];
  const entry = (name, kind, label) => el('span', {}, el('i', {class: kind, style: '--c: var(--' + name + ')'}), label);
  return el('div', {class: 'key'},
    ['truth', 'sensed', 'device', 'api'].filter(view => signals.some(name => name.startsWith(view + '.'))).map(view => entry(view, 'line', view)),
    run.phases.length > 0 && entry('line', '', 'phase'),
    run.faults.length > 0 && entry('fail', 'mark', 'fault injected, ended'),
    run.checks.some(failedAt) && entry('fail', 'line', 'a check failed'),
    windowVerdicts(run).map(verdict => entry(verdict, '', 'check window, ' + verdict)));
}

// One plot with its title and, where there is a choice, its buttons.
function plotPanel(spec, run, shared, redraw) {
  let chosen = 0, plot = null;
  const host = el('div', {class: 'canvas'});
  const buttons = spec.choices.length < 2 ? [] : spec.choices.map(([label], i) =>
    el('button', {type: 'button', 'aria-pressed': i === 0, onclick: () => { chosen = i; redraw.now(); mark(); }}, label));
  const mark = () => buttons.forEach((button, i) => button.setAttribute('aria-pressed', i === chosen));
  mark();
  const panel = el('section', {class: 'plot', role: 'group', 'aria-label': spec.title + ' over time'},
    el('div', {class: 'plot-title'}, spec.title + ' [' + unitText(spec.unit).trim() + ']', el('span', {class: 'choices'}, buttons)), host);
  const draw = () => {
    if (plot) plot.destroy();
    plot = drawLines(host, spec, spec.choices[chosen][1](), run, shared);
    panel.hidden = !plot;
  };
  return {panel, draw};
}

function lanePanel(plots, run, range, shared) {
  let plot = null;
  const host = el('div', {class: 'canvas'}), readout = el('div', {class: 'readout', 'aria-hidden': 'true'});
  const panel = el('section', {class: 'plot', role: 'group', 'aria-label': 'States, contactors and faults over time'},
    el('div', {class: 'plot-title'}, 'States, contactors, faults'), host, readout);
  const draw = () => {
    if (plot) plot.destroy();
    plot = drawLanes(host, readout, plots, run, range, shared);
    panel.hidden = !plot;
  };
  return {panel, draw};
}

function runPlots(index, run) {
  const plots = readPlots(index);
  if (!plots) return el('p', {class: 'no-plots'}, 'This run recorded nothing to plot.');
  const range = timeRange(plots), shared = sharedZoom('run-' + index);
  const redraw = {now: () => panels.forEach(panel => panel.draw())};
  const panels = [...linePlots(plots).map(spec => plotPanel(spec, run, shared, redraw)), lanePanel(plots, run, range, shared)];
  const reset = el('button', {type: 'button', onclick: () => shared.members.forEach(u => u.setScale('x', {min: range[0], max: range[1]}))}, 'Whole run');
  const box = el('div', {class: 'plots', 'data-drawn': 'no'},
    el('div', {class: 'plots-head'}, el('h3', {}, 'Plots'), viewKey(run, plots), reset),
    el('p', {class: 'soft', style: 'font-size:12.5px'}, 'Time in s. Drag to zoom all plots of this run, double-click for the whole run, click a name to hide its line.'),
    panels.map(panel => panel.panel));
  drawWhenSeen(box, redraw.now);
  return box;
}

function drawWhenSeen(box, draw) {
  let width = 0;
  const drawn = () => { width = box.clientWidth; draw(); box.dataset.drawn = 'yes'; };
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    observer.disconnect();
    drawn();
    new ResizeObserver(() => { if (box.clientWidth > 0 && box.clientWidth !== width) drawn(); }).observe(box);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawn);
  }, {rootMargin: '400px'}).observe(box);
}
