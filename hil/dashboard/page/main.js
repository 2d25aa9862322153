// The page: a key, the devices, one of them.
const kSilence_ms = 12000;  // the server says something every 5 s
const kHidden_ms = 30000;   // a page that nobody sees gives its connection back: a browser has six for a server
const kWaits_ms = [500, 1000, 2000, 5000];

const main = document.getElementById('main'), nav = document.getElementById('devices'), forget = document.getElementById('forget');
const sign = connectionSign(document.getElementById('connection'));
let devices = [], opened = null;  // opened: {id, end}

const chosenId = () => {
  let id = '';
  try { id = decodeURIComponent(location.hash.slice(2)); } catch (error) { /* no name of a device */ }
  return id;
};

function closeDevice() {
  if (opened) opened.end.abort();
  opened = null;
}

function askForKey(why) {
  closeDevice();
  key.forget();
  devices = [];
  nav.hidden = forget.hidden = true;
  sign.none();
  document.title = 'packbench';
  showKeyForm(main, why, value => {
    key.set(value);
    start();
  });
}

// What an error means to the person. True when it ends the session.
function refused(error) {
  if (error.status === 401) {
    askForKey('The server does not accept this key. It may be mistyped, revoked or expired.');
    return true;
  }
  if (error.status === 403) {
    askForKey('This key may not be used here: it needs the scopes devices:read and telemetry:read.');
    return true;
  }
  return false;
}

const seen = () => new Promise(resolve => {
  const look = () => {
    if (document.visibilityState !== 'visible') return;
    document.removeEventListener('visibilitychange', look);
    resolve();
  };
  document.addEventListener('visibilitychange', look);
  look();
});

// Aborts once the page was hidden for long. Returns what ends the watch.
function watchHidden(cut) {
  let hidden = null;
  const look = () => {
    clearTimeout(hidden);
    if (document.visibilityState === 'hidden') hidden = setTimeout(() => cut.abort(), kHidden_ms);
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => { clearTimeout(hidden); document.removeEventListener('visibilitychange', look); };
}

// Runs a stream of a device again and again, until it is closed or refused.
async function keepFollowing(device, signal, view, history) {
  let gone_ms = 0, tries = 0, missed = false;  // missed: records may have come meanwhile
  while (!signal.aborted) {
    await seen();
    const cut = new AbortController(), unwatch = watchHidden(cut);
    let silence = null;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => cut.abort(), kSilence_ms);
      if (missed && history.view.follows) history.view.choose(history.view.chosen_s);
      missed = false;
      gone_ms = tries = 0;
      view.setCut(false);
      sign.live();
    };
    signal.addEventListener('abort', () => cut.abort(), {once: true});
    let why = 'The server does not answer.';
    try {
      await followDevice(device.DeviceId, {signal: cut.signal, heard, onRecord: record => {
        view.show(record);
        history.view.news(record);
      }});
    } catch (error) {
      if (!signal.aborted && error instanceof ApiError) {
        if (refused(error)) return;
        if (error.status) why = error.message;
      }
    }
    clearTimeout(silence);
    unwatch();
    if (signal.aborted) return;
    missed = true;
    if (document.visibilityState === 'hidden') continue;
    gone_ms = gone_ms || Date.now();
    view.setCut(true);
    await sign.gone(why, gone_ms, kWaits_ms[Math.min(tries++, kWaits_ms.length - 1)]);
  }
}

function openDevice(device) {
  closeDevice();
  const end = new AbortController();
  opened = {id: device.DeviceId, end};
  const view = liveView(device);
  const history = historyView(device, {signal: end.signal, onTrouble: error => { if (!refused(error) && error.status) notice(history.node, error.message); }});
  main.replaceChildren(view.node, history.node);
  document.title = device.Name + ' \u00b7 packbench';
  sign.opening();
  const clock = setInterval(view.tick, 1000);
  end.signal.addEventListener('abort', () => clearInterval(clock));
  history.view.choose(3600);
  keepFollowing(device, end.signal, view, history);
}

function notice(before, text) {
  before.querySelector('.notice')?.remove();
  before.prepend(el('p', {class: 'notice bad', role: 'alert'}, text));
}

// Shows the device of the address, or else stays, or else takes the one that was heard last.
function choose() {
  const heard = device => device.LastConnected ? parseStamp(device.LastConnected) : 0, named = id => devices.find(one => one.DeviceId === id);
  const device = named(chosenId()) || (opened && named(opened.id)) || [...devices].sort((a, b) => heard(b) - heard(a))[0];
  showDevices(nav, devices, device.DeviceId);
  if (!opened || opened.id !== device.DeviceId) openDevice(device);
}

async function refresh() {
  const found = await listDevices();
  if (!key.get()) return;
  devices = found;
  if (devices.length) {
    choose();
  } else if (!main.querySelector('.empty')) {
    showNoDevices(main);
  }
}

let looking = null;
// Looks at the list again: often while it is empty, now and then when there is a device.
function lookAgain() {
  clearTimeout(looking);
  looking = setTimeout(async () => {
    if (key.get() && document.visibilityState === 'visible') {
      try {
        await refresh();
        if (!devices.length) sign.live();
      } catch (error) {
        if (refused(error)) return;
        if (!devices.length) await sign.gone(error.message, Date.now(), 1000);
      }
    }
    if (key.get()) lookAgain();
  }, devices.length ? 15000 : 1500);
}

async function start() {
  forget.hidden = false;
  sign.opening();
  let gone_ms = 0;
  for (let tries = 0; key.get(); ++tries) {
    try {
      await refresh();
      if (!devices.length) sign.live();
      return lookAgain();
    } catch (error) {
      if (refused(error)) return;
      gone_ms = gone_ms || Date.now();
      if (!main.querySelector('h1')) main.replaceChildren(el('h1', {class: 'waiting'}, 'Waiting for the server'));
      await sign.gone(error.message, gone_ms, kWaits_ms[Math.min(tries, kWaits_ms.length - 1)]);
    }
  }
}

forget.addEventListener('click', () => askForKey(''));
addEventListener('hashchange', () => { if (devices.length && location.hash.startsWith('#/')) { choose(); main.focus(); } });
matchMedia('(min-width: 900px)').addEventListener('change', event => { const list = nav.querySelector('details'); if (list) list.open = event.matches; });
key.get() ? start() : askForKey('');
