// The state of each device of the list, for those in sight: nobody is asked whose row is not seen, who has sent nothing
// since, or in a page that is hidden. A server allows a key 600 requests a minute, 60 at once; the list takes a tenth.
const kListBurst = 20, kListPause_ms = 1000, kListQuiet_ms = 60000;  // four looks at the list: its device is not shown as live

// One number of requests at once, then one a pause.
function allowance() {
  let left = kListBurst, at = performance.now();
  return () => {
    const now = performance.now(), more = Math.floor((now - at) / kListPause_ms);
    left = Math.min(kListBurst, left + more);
    at += more * kListPause_ms;
    return left > 0 && --left >= 0;
  };
}

// "CHARGING", "FAULT \u00b7 2 faults", "last DISCHARGING" of one that is silent.
function showState(link, record) {
  const now = link.querySelector('.now'), faults = record.faults || [], quiet = serverNow_ms() - record._ts * 1000 > kListQuiet_ms;
  const nav = link.closest('nav'), chosen = nav && nav.querySelector('a[aria-current]'), before = chosen && chosen.getBoundingClientRect().top;
  now.hidden = false;
  now.dataset.tone = inTrouble(record) ? 'bad' : 'plain';
  now.classList.toggle('quiet', quiet);
  now.title = faults.map(faultText).join(', ');
  now.replaceChildren(stateSign(record), (quiet ? 'last ' : '') + stateText(record.bms_state) + (faults.length ? ' \u00b7 ' + count(faults.length, 'fault') : ''));
  if (chosen && before > 0 && before < innerHeight) nav.scrollTop += chosen.getBoundingClientRect().top - before;  // it stays where it is
}

// watch(link, device) shows what is known and asks for more once the link is seen; told(id, link, record) is known without asking.
function deviceStates(refused) {
  let known = new Map(), mayAsk = allowance(), timer = null, asking = 0, quietUntil_ms = 0;  // known: id -> {record, heard}
  const links = new Map(), inView = new Set();  // links: link -> device
  const stale = link => {
    const device = links.get(link), of = known.get(device.DeviceId);
    return device.LastConnected && !link.hasAttribute('aria-current') && !(of && of.heard === device.LastConnected);
  };
  const fetchOne = async (id, heard) => {
    const mine = known;
    ++asking;
    try {
      const {body} = await askJson(telemetryPath(id) + '?timeRange=latest&extended=1');
      if (mine === known) known.set(id, {record: body.data[0] || null, heard});
      for (const [link, device] of links) if (mine === known && device.DeviceId === id && body.data[0]) showState(link, body.data[0]);
    } catch (error) {
      if (mine === known) known.set(id, {...known.get(id), heard: null});
      quietUntil_ms = performance.now() + Math.max(5, error.wait_s || 0) * 1000;
      if (mine === known && (error.status === 401 || error.status === 403)) refused(error);
    }
    --asking;
    next();
  };
  const next = () => {
    clearTimeout(timer);
    if (!key.get() || document.visibilityState !== 'visible') return;
    const link = [...inView].find(stale);
    if (!link || asking >= 2) return;
    const wait_ms = quietUntil_ms - performance.now();
    if (wait_ms > 0 || !mayAsk()) { timer = setTimeout(next, Math.max(kListPause_ms, wait_ms)); return; }
    const {DeviceId, LastConnected} = links.get(link), of = known.get(DeviceId);
    known.set(DeviceId, {record: of ? of.record : null, heard: LastConnected});
    fetchOne(DeviceId, LastConnected);
    next();
  };
  const sight = new IntersectionObserver(entries => {
    for (const {target, isIntersecting} of entries) isIntersecting && links.has(target) ? inView.add(target) : inView.delete(target);
    next();
  });
  document.addEventListener('visibilitychange', next);
  return {
    watch(link, device) {
      const of = known.get(device.DeviceId);
      links.set(link, device);
      if (of && of.record) showState(link, of.record);
      sight.observe(link);
    },
    unwatch() { sight.disconnect(); links.clear(); inView.clear(); },
    told(id, link, record) { known.set(id, {record, heard: null}); showState(link, record); },
    forget() { known = new Map(); clearTimeout(timer); },
  };
}
