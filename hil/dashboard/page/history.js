// The past of a device: a window of time that is moved and zoomed, thinned by the server to what can be seen.
const kEvery_s = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const kPoints = 600, kShortest_ms = 10000, kLongest_ms = 31 * 86400000;

const everyFor = span_ms => kEvery_s.find(every => span_ms / 1000 / every <= kPoints) || 86400;

// Where a window would go, kept possible: not too short, not too long, not beyond `latest_ms`.
function possible({from_ms, to_ms}, latest_ms) {
  const middle = (from_ms + to_ms) / 2, span = Math.min(Math.max(to_ms - from_ms, kShortest_ms), kLongest_ms);
  const end = Math.round(Math.min(middle + span / 2, latest_ms));
  return {from_ms: Math.round(end - span), to_ms: end};
}

// The last record of each bucket at once, then the extremes with all states and faults.
async function loadWindow(id, window, signal, onPart) {
  const every_s = everyFor(window.to_ms - window.from_ms);
  const get = agg => thinnedRecords(id, window, every_s, agg, signal);
  const last = await get('last');
  const data = {every_s, last, min: null, max: null, ...timeline(last, every_s)};
  onPart(data);
  if (!last.length) return;
  [data.min, data.max] = await Promise.all([get('min'), get('max')]);
  onPart(data);
}

// What is shown where there is nothing, or no answer.
function historyNotices(view) {
  const node = el('div', {class: 'nothing', hidden: true});
  const put = (...children) => {
    node.hidden = !children.length;
    node.replaceChildren(...children);
  };
  const nothing = newest => {
    const at = newest && measured_ms(newest);
    put(el('p', {}, 'There are no records in this window.'), ...(newest ? [el('button', {type: 'button', onclick: () =>
      view.show({from_ms: at - view.chosen_s * 900, to_ms: at + view.chosen_s * 100})}, 'Go to the newest record, of ' + momentText(at))] : []));
  };
  const trouble = (why, what = 'The history could not be read: ') => put(el('p', {class: 'notice bad', role: 'alert'}, what + why),
    el('button', {type: 'button', onclick: () => view.again()}, 'Try again'));
  return {node, nothing, trouble, clear: () => put()};
}

// news(record) is told of every live record, again() reads anew; refused(error) is asked of every error whether it ends all.
function historyView(device, {signal, refused}) {
  const said = el('p', {class: 'soft', role: 'status'}, 'Reading the history \u2026'), hint = el('p', {class: 'soft hint', id: 'history-keys'}, kKeysHint + ' Bands hold every reading between two points.');
  let dry = null, drawnNewest_ms = null;  // dry: the newest record that an empty window was read again for
  let pending = null, loaded_ms = -Infinity, newest = null, failed = false, retry = null, drawn = null, over = false;  // over: by the pointer

  const load = async () => {
    clearTimeout(retry);
    if (pending) pending.abort();
    const mine = pending = new AbortController(), window = view.window;
    signal.addEventListener('abort', () => mine.abort(), {once: true});
    node.setAttribute('aria-busy', 'true');
    loaded_ms = Date.now();
    try {
      await loadWindow(device.DeviceId, window, mine.signal, data => { if (!mine.signal.aborted) draw(data, window); });
      failed = false;
    } catch (error) {
      if (mine.signal.aborted) return;
      failed = true;
      if (!refused(error)) notices.trouble(error.message);
      if (error.wait_s) retry = setTimeout(view.again, error.wait_s * 1000);
    }
    if (pending !== mine) return;
    pending = null;
    node.setAttribute('aria-busy', 'false');
    fill();
  };
  const newest_ms = () => newest ? measured_ms(newest) : -Infinity;
  // Now, or a little further where the clock of the device is ahead of the server's.
  const latest_ms = () => Math.max(serverNow_ms(), newest_ms()) + 1000;
  // An empty window is read again when a record comes that belongs into it; once for a record.
  const fill = () => {
    if (pending || failed || !frame.hidden || !newest || dry === newest.id) return;
    const at = newest_ms(), until = view.follows ? serverNow_ms() + kAhead_ms : view.window.to_ms;
    if (at < view.window.from_ms || at >= until) return;
    dry = newest.id;
    view.again();
  };
  const draw = (data, window) => {
    const {from_ms, to_ms} = window, some = data.last.length > 0;
    said.textContent = momentText(from_ms) + ' \u2013 ' + momentText(to_ms) + ' ' + zoneText(to_ms) + '. ' +
        (some ? count(data.last.length, 'point') + ', one for ' + length(data.every_s) + '.' : '');
    for (const part of [cursor.node, band.node, frame, hint]) part.hidden = !some;
    drawn = {from_ms, to_ms, every_s: data.every_s};
    controls.save.disabled = !some;
    some ? notices.clear() : notices.nothing(newest);
    drawnNewest_ms = some ? measured_ms(data.last[data.last.length - 1]) : null;
    if (some) {
      cursor.draw(data);
      plots.forEach(plot => plot.draw(data, window));
      band.draw(data, window);
      if (!over) plots.forEach(plot => plot.point(cursor.place()));
    }
    node.dataset.shown = from_ms + '-' + to_ms + (data.max || !some ? '' : '-part');
    node.dataset.every = data.every_s;
  };

  const view = {
    chosen_s: 3600, follows: true, window: null,
    show(window) {
      view.follows = false;
      view.window = possible(window, latest_ms());
      controls.mark();
      return load();
    },
    choose(s) {
      view.chosen_s = s;
      view.follows = true;
      const now = serverNow_ms(), end = newest_ms() >= now && newest_ms() < now + kAhead_ms ? newest_ms() + 1 : now;
      view.window = {from_ms: Math.round(end - s * 1000), to_ms: Math.round(end)};
      controls.mark();
      return load();
    },
    again: () => view.follows ? view.choose(view.chosen_s) : load(),
    // After a time without the server: what was missed, or could not be read.
    caughtUp() { if (view.follows || failed) view.again(); },
    // About the place that is read, else the newest record in view: it stays in view, and a window is never left empty.
    zoom(factor) {
      const {from_ms, to_ms} = view.window, t = cursor.time(), span = (to_ms - from_ms) * factor, inside = at => at !== null && at >= from_ms && at < to_ms;
      const about = [t === null ? null : t * 1000, drawnNewest_ms].find(inside) ?? (from_ms + to_ms) / 2;
      const from = about - (about - from_ms) * factor, room = Math.min(0, from + span - (about + span / 50));  // behind it to the edge
      return view.show({from_ms: from - room, to_ms: from - room + span});
    },
    move(share) {
      const {from_ms, to_ms} = view.window, by = (to_ms - from_ms) * share;
      return view.show({from_ms: from_ms + by, to_ms: to_ms + by});
    },
    toFault({from_s, to_s}) {
      const room = to_s - from_s;
      frame.focus({preventScroll: true});  // the button that was pressed goes
      return view.show({from_ms: (from_s - room) * 1000, to_ms: (to_s + room) * 1000});
    },
    // The points that are shown, as a table.
    async save() {
      const {from_ms, to_ms, every_s} = drawn;
      try {
        await saveTable(device.DeviceId, {from_ms, to_ms}, every_s, signal);
      } catch (error) {
        if (!signal.aborted && !refused(error)) notices.trouble(error.message, 'The table could not be saved: ');
      }
    },
    point(i, speak) {
      cursor.point(i, {speak});
      plots.forEach(plot => plot.point(i));
    },
    // A window that ends now goes on with the records, as often as it gets a new point.
    news(record) {
      newest = record;
      if (node.dataset.shown && frame.hidden && !failed) notices.nothing(newest);
      if (node.dataset.shown) fill();
      const pause_ms = Math.max(2000, everyFor(view.chosen_s * 1000) * 1000);
      if (view.follows && !pending && Date.now() - loaded_ms >= pause_ms) view.choose(view.chosen_s);
    },
  };
  const plots = kPlots.map(plot => historyPlot(plot, {
    onSelect: (from, to) => view.show({from_ms: from * 1000, to_ms: to * 1000}), onReset: () => view.choose(view.chosen_s),
    onPoint: i => { if (over) cursor.point(i); }}));
  const band = historyBand({onFault: run => view.toFault(run)}), cursor = historyCursor({onPoint: t => band.point(t)});
  const controls = historyControls(view), notices = historyNotices(view);
  const onkeydown = event => { if (historyKey(event, view, cursor)) event.preventDefault(); };
  const frame = el('div', {class: 'plots-frame', tabindex: '0', role: 'application', 'aria-label': 'Plots', 'aria-describedby': 'history-keys', onkeydown,
                           onpointerenter: () => { over = true; }, onpointerleave: () => { over = false; cursor.point(null); }},
    el('div', {class: 'plots'}, plots.map(plot => plot.node)));
  const node = el('section', {class: 'panel history', 'aria-label': 'History', 'aria-busy': 'true'},
    el('div', {class: 'panel-head'}, el('h2', {}, 'History'), controls.node), said, notices.node, cursor.node, band.node, frame, hint);
  const fit = new ResizeObserver(() => plots.forEach(plot => plot.fit()));
  fit.observe(frame);
  const dark = matchMedia('(prefers-color-scheme: dark)'), restyle = () => plots.forEach(plot => plot.restyle());
  dark.addEventListener('change', restyle);
  signal.addEventListener('abort', () => { clearTimeout(retry); fit.disconnect(); dark.removeEventListener('change', restyle); });
  return {node, view};
}
