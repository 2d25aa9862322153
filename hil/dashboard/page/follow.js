// A device's live stream, opened again and again: when to try, and when to give it up for a while.
const kSilence_ms = 12000;  // the server says something every 5 s
const kHidden_ms = 30000;   // a page that nobody sees gives its connection back: a browser has six for a server
const kWaits_ms = [500, 1000, 2000, 5000];

// Resolves when the page is seen.
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
      if (missed) history.view.caughtUp();
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
