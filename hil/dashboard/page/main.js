// The page: a key, the devices, one of them.
const main = document.getElementById('main'), forget = document.getElementById('forget');
const list = deviceList(document.getElementById('devices'), refused);
const sign = connectionSign(document.getElementById('connection'));
keepClearOf(document.querySelector('.top'));
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
  list.clear();
  forget.hidden = true;
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

function openDevice(device) {
  closeDevice();
  const end = new AbortController();
  opened = {id: device.DeviceId, end};
  const view = liveView(device, list.heard);
  const history = historyView(device, {signal: end.signal, refused});
  main.replaceChildren(view.node, history.node);
  document.title = device.Name + ' \u00b7 packbench';
  sign.opening();
  const clock = setInterval(view.tick, 1000);
  end.signal.addEventListener('abort', () => clearInterval(clock));
  history.view.choose(3600);
  keepFollowing(device, end.signal, view, history);
}

// A device of the address that this key does not see: said, never replaced by another one.
function showUnknown(id) {
  closeDevice();
  sign.live();
  document.title = 'packbench';
  main.replaceChildren(el('section', {class: 'empty'}, el('h1', {}, 'There is no device ' + id),
    el('p', {}, 'The server has none of this name, or none that this key may see. Choose one of the list.')));
}

// Shows the device of the address; without one the device that is open, else the one that was heard last.
function choose() {
  const heard = device => device.LastConnected ? parseStamp(device.LastConnected) : 0, named = id => devices.find(one => one.DeviceId === id);
  const wanted = chosenId() || (opened ? opened.id : [...devices].sort((a, b) => heard(b) - heard(a))[0].DeviceId), device = named(wanted);
  list.show(devices, wanted);
  if (!device) return showUnknown(wanted);
  if (!opened || opened.id !== device.DeviceId) openDevice(device);
}

async function refresh() {
  const found = await listDevices();
  if (!key.get()) return;
  devices = found;
  if (devices.length) {
    choose();
  } else if (opened || !main.querySelector('.empty')) {
    closeDevice();
    list.clear();
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
addEventListener('hashchange', () => {
  if (!devices.length || !location.hash.startsWith('#/')) return;
  choose();
  main.focus();
});
key.get() ? start() : askForKey('');
