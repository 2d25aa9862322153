// The sign stays in sight above the page; what stands or scrolls below it keeps clear of it.
function keepClearOf(header) {
  const fit = () => document.documentElement.style.setProperty('--top', header.getBoundingClientRect().height + 'px');
  new ResizeObserver(fit).observe(header, {box: 'border-box'});
  fit();
}

// Whether the server answers, said plainly.
function connectionSign(node) {
  let timer = null, state = '';
  const clear = () => { clearInterval(timer); timer = null; };
  const put = (name, ...children) => {
    clear();
    state = node.dataset.state = name;
    node.replaceChildren(...children);
  };
  return {
    live: () => state !== 'live' && put('live', el('span', {class: 'dot'}), 'Live'),
    opening: () => state !== 'gone' && put('opening', el('span', {class: 'dot'}), 'Connecting'),
    none: () => put('none'),
    // Resolves when it is time, or when the person asks for it.
    gone(why, since_ms, wait_ms) {
      return new Promise(resolve => {
        const until = Date.now() + wait_ms, left = el('span', {'aria-hidden': 'true'});
        const again = () => { clear(); resolve(); };
        const tick = () => {
          left.textContent = ' Trying again in ' + Math.max(1, Math.ceil((until - Date.now()) / 1000)) + '\u00a0s.';
          if (Date.now() >= until) again();
        };
        put('gone', el('span', {class: 'dot'}), el('span', {}, why + ' Since ' + clockText(new Date(since_ms), true) + '.'), left,
            el('button', {type: 'button', onclick: again}, 'Try now'));
        tick();
        timer = setInterval(tick, 250);
      });
    },
  };
}
