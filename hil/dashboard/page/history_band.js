// The states and faults of a window, above its plots and on their axis of time, and its faults as a list to go to.
//
// A bucket has the state of its last record, or a state of fault where any of its records had one; and every fault that
// any of its records had.
const kMostEpisodes = 8;

// [{from_s, to_s, state, faults}] of the buckets, one for each of data.last, in order of time.
function bucketsOf(data) {
  const number = record => Math.floor(measured_ms(record) / 1000 / data.every_s);
  const whole = new Map((data.max || []).map(record => [number(record), record]));
  return data.last.map(record => {
    const from_s = number(record) * data.every_s, {states_seen, faults_seen} = whole.get(number(record)) || {};
    return {from_s, to_s: from_s + data.every_s, state: (states_seen || []).find(isFault) || record.bms_state, faults: faults_seen || record.faults || []};
  });
}

// Runs of buckets that have the same, as {from_s, to_s, what}; `pause_s` without a bucket ends one.
function runs(buckets, what, pause_s) {
  const found = [];
  for (const bucket of buckets) {
    const last = found[found.length - 1], now = what(bucket);
    if (now === null) continue;
    if (last && last.what === now && bucket.from_s - last.to_s <= pause_s) last.to_s = bucket.to_s;
    else found.push({from_s: bucket.from_s, to_s: bucket.to_s, what: now});
  }
  return found;
}

// A state lasts until the next one begins, but not through a pause of the device.
function stateRuns(buckets, pause_s) {
  const found = runs(buckets, bucket => bucket.state, pause_s);
  found.slice(1).forEach((next, i) => { if (next.from_s - found[i].to_s <= pause_s) found[i].to_s = next.from_s; });
  return found;
}

function faultRuns(buckets, pause_s) {
  const words = [...new Set(buckets.flatMap(bucket => bucket.faults))];
  return words.flatMap(word => runs(buckets, bucket => bucket.faults.includes(word) ? word : null, pause_s)).sort((a, b) => b.from_s - a.from_s);
}

function episodeText({from_s, to_s, what}, every_s) {
  const seconds = every_s < 60, begin = new Date(from_s * 1000), end = new Date(to_s * 1000);
  const text = dayText(begin) + ', ' + clockText(begin, seconds) + '\u2013' + (dayText(end) === dayText(begin) ? '' : dayText(end) + ', ') + clockText(end, seconds);
  return [el('span', {class: 'what'}, faultText(what)), ' ', el('span', {class: 'soft'}, text)];
}

// events: onFault({from_s, to_s}).
function historyBand(events) {
  const states = svg('svg', {class: 'band states', role: 'img', preserveAspectRatio: 'none'}), faults = svg('svg', {class: 'band faulty', 'aria-hidden': 'true', preserveAspectRatio: 'none'});
  const labels = el('div', {class: 'band-labels', 'aria-hidden': 'true'}), cursor = el('span', {class: 'band-cursor', hidden: true});
  const legend = el('p', {class: 'band-legend'}), list = el('ul', {class: 'episodes'}), more = el('p', {class: 'soft'});
  const faultRow = el('div', {class: 'band-row'}, el('span', {class: 'band-name'}, 'Faults'), el('div', {class: 'band-track'}, faults));
  const node = el('figure', {class: 'band-frame'}, el('figcaption', {}, 'State and faults'),
    el('div', {class: 'band-rows'}, el('div', {class: 'band-row'}, el('span', {class: 'band-name'}, 'State'), el('div', {class: 'band-track'}, states, labels)), faultRow, el('div', {class: 'band-over'}, cursor)),
    legend, list, more);
  let shown = null;

  const place = t => (t - shown.from_s) / (shown.to_s - shown.from_s);
  const part = run => {
    const x = Math.max(0, place(run.from_s)), end = Math.min(1, place(run.to_s));
    return {x: 100 * x + '%', width: 100 * Math.max(0, end - x) + '%', height: '100%'};
  };
  const bar = (run, name, title) => {
    const rect = svg('rect', {...part(run), class: name});
    rect.append(svg('title', {}, title));
    return rect;
  };
  const labelOf = run => {
    const width = place(run.to_s) - place(run.from_s), label = el('span', {class: stateTone(run.what)}, stateText(run.what));
    label.style.left = 100 * Math.max(0, place(run.from_s)) + '%';
    label.style.width = 100 * Math.min(width, 1) + '%';
    return width * states.clientWidth > 100 ? label : null;  // px: what the longest usual word takes
  };
  const draw = (data, window) => {
    const buckets = bucketsOf(data);
    shown = {from_s: window.from_ms / 1000, to_s: window.to_ms / 1000, every_s: data.every_s};
    const stateParts = stateRuns(buckets, data.pause_s), faultParts = faultRuns(buckets, data.pause_s);
    const known = [...new Set(stateParts.map(run => run.what))];
    states.replaceChildren(...stateParts.map(run => bar(run, 'state ' + stateTone(run.what), stateText(run.what))));
    states.setAttribute('aria-label', 'States in this window: ' + known.map(stateText).join(', '));
    labels.replaceChildren(...stateParts.map(labelOf).filter(Boolean));
    legend.replaceChildren(...known.map(state => el('span', {}, el('span', {class: 'swatch ' + stateTone(state)}), stateText(state))));
    faults.replaceChildren(...faultParts.map(run => {
      const rect = bar(run, 'mark', faultText(run.what));
      rect.addEventListener('click', () => events.onFault(run));
      return rect;
    }));
    node.dataset.faults = faultParts.length;
    list.hidden = !faultParts.length;
    list.replaceChildren(...faultParts.slice(0, kMostEpisodes).map(run => el('li', {},
      el('button', {type: 'button', 'data-fault': run.what, onclick: () => events.onFault(run)}, episodeText(run, data.every_s)))));
    const left = faultParts.length - kMostEpisodes;
    more.hidden = faultParts.length > 0 && left <= 0;
    more.textContent = left > 0 ? 'and ' + left + ' earlier in this window.' : (data.last.some(record => record.faults) ? 'No faults in this window.' : 'This device does not report faults.');
  };
  const point = t => {
    cursor.hidden = t === null || !shown;
    if (!cursor.hidden) cursor.style.left = 100 * place(t) + '%';
  };
  return {node, draw, point};
}
