// What was measured at one place of the window: read with the pointer or with the arrow keys.
const kReadingHint = 'Point at a plot, or give the plots the focus and use the arrow keys, to read the values at a time.';

// The record's values, and what else its bucket had.
function readingText(record, bucket, every_s) {
  const cells = record.cell_voltage.filter(v => v !== null), parts = [];
  const closed = value => value ? 'closed' : 'open';
  if (cells.length) parts.push('cells ' + fixed(Math.min(...cells), 3) + '\u2013' + fixed(Math.max(...cells), 3, 'V'));
  parts.push('pack ' + fixed(record.pack_voltage, 2, 'V'), fixed(record.pack_current, 1, 'A'), 'SOC ' + fixed(record.soc, 1, '%'), fixed(record.temperature, 1, '\u00b0C'),
    'main contactor ' + closed(record.main_contactor_state) + ', charger contactor ' + closed(record.charger_contactor_state));
  if (bucket.faults.length) parts.push('faults' + (every_s > 1 ? ' in these ' + length(every_s) : '') + ': ' + bucket.faults.map(faultText).join(', '));
  return parts.join(' \u00b7 ');
}

// point(i) shows the reading of a place of the timeline, null for none; said aloud with `aloud`.
function historyCursor({onPoint}) {
  const time = el('strong'), state = el('span', {class: 'reading-state'}), rest = el('span', {class: 'reading-rest'});
  const aloud = el('p', {class: 'unseen', 'aria-live': 'polite'});
  const node = el('div', {class: 'reading'}, el('p', {'aria-hidden': 'true'}, time, ' ', state, ' ', rest), aloud);
  let places = [], data = null, buckets = [], at = null;

  const put = (when, what, tone, more) => {
    [time.textContent, state.textContent, rest.textContent] = [when, what, more];
    state.className = 'reading-state ' + tone;
  };
  const point = (i, {speak = false} = {}) => {
    if (i === at && !speak) return;
    at = i;
    const placed = i === null ? null : places[i];
    onPoint(placed ? placed.t : null);
    node.dataset.at = placed ? placed.t : '';
    if (!placed) return put('', '', '', kReadingHint);
    const when = momentText(placed.t * 1000) + ' ' + zoneText(placed.t * 1000);
    if (placed.i === null) {
      put(when, '', '', 'no records');
    } else {
      const record = data.last[placed.i], bucket = buckets[placed.i], more = bucket.state === record.bms_state ? '' : ', ' + stateText(bucket.state) + ' meanwhile';
      put(when, stateText(record.bms_state) + more, stateTone(bucket.state), readingText(record, bucket, data.every_s));
    }
    if (speak) aloud.textContent = [when, state.textContent, rest.textContent].filter(Boolean).join(', ');
  };
  const draw = newData => {
    const t = at === null || !places[at] ? null : places[at].t;
    [data, places, buckets] = [newData, newData.places, bucketsOf(newData)];
    at = undefined;
    point(t === null ? null : nearest(t));
  };
  const nearest = t => {
    let best = null;
    places.forEach((place, i) => { if (best === null || Math.abs(place.t - t) < Math.abs(places[best].t - t)) best = i; });
    return best;
  };
  // The place `by` points on; null beyond the window. Without a place yet, the newest.
  const step = by => {
    if (at === null || !places[at]) return places.length ? places.length - 1 : null;
    const to = at + by;
    return to < 0 || to >= places.length ? null : to;
  };
  // The next place in this direction where a fault begins to be there; null when there is none.
  const stepToFault = direction => {
    const faulty = i => i >= 0 && i < places.length && places[i].i !== null && buckets[places[i].i].faults.length > 0;
    for (let i = (at ?? (direction > 0 ? -1 : places.length)) + direction; i >= 0 && i < places.length; i += direction) {
      if (faulty(i) && !faulty(i - 1)) return i;
    }
    return null;
  };
  put('', '', '', kReadingHint);
  return {node, draw, point, step, stepToFault, place: () => at ?? null, time: () => at === null || !places[at] ? null : places[at].t, ends: () => [0, places.length - 1]};
}
