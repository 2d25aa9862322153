// The past of a device: a window of time that is moved and zoomed, thinned by the server to what can be seen.
const kWindows_s = [300, 3600, 21600, 86400, 604800, 2592000];
const kEvery_s = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const kPoints = 600, kShortest_ms = 10000, kLongest_ms = 31 * 86400000;

const everyFor = span_ms => kEvery_s.find(every => span_ms / 1000 / every <= kPoints) || 86400;

// Where a window would go, kept possible: not too short, not too long, not into the future.
function possible({from_ms, to_ms}, now_ms) {
  const middle = (from_ms + to_ms) / 2, span = Math.min(Math.max(to_ms - from_ms, kShortest_ms), kLongest_ms);
  const end = Math.round(Math.min(middle + span / 2, now_ms + 1000));
  return {from_ms: Math.round(end - span), to_ms: end};
}

async function loadWindow(id, window, signal, onPart) {
  const every_s = everyFor(window.to_ms - window.from_ms);
  const get = agg => thinnedRecords(id, window.from_ms, window.to_ms, every_s, agg, signal);
  const data = {every_s, last: await get('last'), min: null, max: null};
  onPart(data);
  if (!data.last.length) return;
  [data.min, data.max] = await Promise.all([get('min'), get('max')]);
  onPart(data);
}

function historyKeys(view) {
  return {'+': () => view.zoom(0.5), '=': () => view.zoom(0.5), '-': () => view.zoom(2), 'ArrowLeft': () => view.move(-0.25),
          'ArrowRight': () => view.move(0.25), '0': () => view.choose(view.chosen_s)};
}

function historyControls(view) {
  const button = (text, name, action) => el('button', {type: 'button', 'aria-label': name, title: name, onclick: action}, text);
  const windows = kWindows_s.map(s => el('button', {type: 'button', 'data-window': s, 'aria-pressed': 'false', onclick: () => view.choose(s)}, length(s)));
  const node = el('div', {class: 'controls'},
    el('div', {class: 'group', role: 'group', 'aria-label': 'Length of the window'}, windows),
    el('div', {class: 'group', role: 'group', 'aria-label': 'Move and zoom'}, button('\u2190', 'Earlier', () => view.move(-0.5)),
      button('\u2192', 'Later', () => view.move(0.5)), button('\u2212', 'Zoom out', () => view.zoom(2)), button('+', 'Zoom in', () => view.zoom(0.5))));
  const mark = () => windows.forEach(one => one.setAttribute('aria-pressed', view.follows && Number(one.dataset.window) === view.chosen_s));
  return {node, mark};
}

// news(record) is told of every live record; onTrouble(error) of every failed request.
function historyView(device, {signal, onTrouble}) {
  const said = el('p', {class: 'soft', role: 'status'}), empty = el('div', {class: 'nothing', hidden: true}), hint = el('p', {class: 'soft hint'});
  const plots = kPlots.map(plot => historyPlot(plot, {
    onSelect: (from, to) => view.show({from_ms: from * 1000, to_ms: to * 1000}), onReset: () => view.choose(view.chosen_s)}));
  const frame = el('div', {class: 'plots'}, plots.map(plot => plot.node));
  let pending = null, loaded_ms = -Infinity, newest = null;

  const tell = data => {
    const {from_ms, to_ms} = view.window;
    said.textContent = momentText(from_ms) + ' \u2013 ' + momentText(to_ms) + ' ' + zoneText(to_ms) + '. ' +
        (data.last.length ? count(data.last.length, 'point') + ', one for ' + length(data.every_s) + '.' : '');
    frame.hidden = !data.last.length;
    hint.hidden = !data.last.length;
    empty.hidden = Boolean(data.last.length);
    if (!data.last.length) empty.replaceChildren(...nothing());
  };
  const nothing = () => [el('p', {}, 'There are no records in this window.'), newest && el('button', {type: 'button', onclick: () => {
    const at = measured_ms(newest);
    view.show({from_ms: at - view.chosen_s * 900, to_ms: at + view.chosen_s * 100});
  }}, 'Go to the newest record, of ' + momentText(measured_ms(newest)))].filter(Boolean);

  const load = async () => {
    if (pending) pending.abort();
    const mine = pending = new AbortController(), window = view.window;
    signal.addEventListener('abort', () => mine.abort(), {once: true});
    node.setAttribute('aria-busy', 'true');
    loaded_ms = Date.now();
    try {
      await loadWindow(device.DeviceId, window, mine.signal, data => {
        if (mine.signal.aborted) return;
        tell(data);
        if (data.last.length) plots.forEach(plot => plot.draw(data, window));
        node.dataset.shown = window.from_ms + '-' + window.to_ms + (data.max || !data.last.length ? '' : '-part');
        node.dataset.every = data.every_s;
      });
    } catch (error) {
      if (!mine.signal.aborted) onTrouble(error);
    }
    if (pending === mine) pending = null;
    if (!pending) node.setAttribute('aria-busy', 'false');
  };

  const view = {
    chosen_s: 3600, follows: true, window: null,
    show(window) {
      view.follows = false;
      view.window = possible(window, serverNow_ms());
      controls.mark();
      return load();
    },
    choose(s) {
      view.chosen_s = s;
      view.follows = true;
      const now = serverNow_ms();
      view.window = {from_ms: Math.round(now - s * 1000), to_ms: Math.round(now)};
      controls.mark();
      return load();
    },
    zoom(factor) {
      const {from_ms, to_ms} = view.window, half = (to_ms - from_ms) * factor / 2, middle = (from_ms + to_ms) / 2;
      return view.show({from_ms: middle - half, to_ms: middle + half});
    },
    move(share) {
      const {from_ms, to_ms} = view.window, by = (to_ms - from_ms) * share;
      return view.show({from_ms: from_ms + by, to_ms: to_ms + by});
    },
    // A window that ends now goes on with the records, as often as it gets a new point.
    news(record) {
      newest = record;
      if (!empty.hidden) empty.replaceChildren(...nothing());
      const pause_ms = Math.max(2000, everyFor(view.chosen_s * 1000) * 1000);
      if (view.follows && !pending && Date.now() - loaded_ms >= pause_ms) view.choose(view.chosen_s);
    },
  };
  const controls = historyControls(view), keys = historyKeys(view);
  const onkeydown = event => {
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
  const node = el('section', {class: 'panel history', 'aria-label': 'History', 'aria-busy': 'true'},
    el('div', {class: 'panel-head'}, el('h2', {}, 'History'), controls.node), said, empty,
    el('div', {class: 'plots-frame', tabindex: '0', role: 'group', 'aria-label': 'Plots. Plus and minus zoom, left and right arrows move, 0 goes back.', onkeydown}, frame),
    hint);
  hint.append('Drag to zoom, double-click to go back. On the keyboard: + and \u2212 zoom, arrows move, 0 goes back. Bands hold every reading between two points.');
  const fit = new ResizeObserver(() => plots.forEach(plot => plot.fit()));
  fit.observe(frame);
  const dark = matchMedia('(prefers-color-scheme: dark)'), restyle = () => plots.forEach(plot => plot.restyle());
  dark.addEventListener('change', restyle);
  signal.addEventListener('abort', () => { fit.disconnect(); dark.removeEventListener('change', restyle); });
  return {node, view};
}
