// The list of devices, with a search where there are many. Where there is room it stands beside the pack, else it is folded
// away above it.
const kSearchFrom = 9;  // devices; fewer are seen at a glance

const heardText = device => device.LastConnected ? 'heard ' + age(Math.max(0, serverNow_ms() - parseStamp(device.LastConnected))) : 'never heard';

function deviceLink(device, chosen, states) {
  const link = el('a', {href: '#/' + encodeURIComponent(device.DeviceId), 'aria-current': device.DeviceId === chosen ? 'page' : null},
    el('bdi', {class: 'name', title: device.Name}, device.Name), el('span', {class: 'soft id', title: device.DeviceId}, device.DeviceId),
    el('span', {class: 'now', hidden: !device.LastConnected}, '\u00a0'), el('span', {class: 'soft heard'}, heardText(device)));
  states.watch(link, device);
  return el('li', {}, link);
}

// Scrolls the list alone, never the page, so that a link is in sight.
function inSight(nav, link) {
  if (!link) return;
  const room = nav.getBoundingClientRect(), at = link.getBoundingClientRect(), above = parseFloat(getComputedStyle(nav).scrollPaddingTop) || 0;
  if (at.top < room.top + above) nav.scrollTop += at.top - room.top - above;
  else if (at.bottom > room.bottom) nav.scrollTop += at.bottom - room.bottom + 8;
}

// Of many links Tab stops at one, the chosen or the first; arrows go to the others.
function oneStop(links) {
  const stop = links.find(link => link.hasAttribute('aria-current')) || links[0];
  for (const link of links) link.tabIndex = link === stop ? 0 : -1;
}

// show(devices, chosen) brings it up to date; heard(record) is told what the chosen device sends.
function deviceList(nav, refused) {
  const wide = matchMedia('(min-width: 900px)');
  const total = el('span'), name = el('bdi', {class: 'soft'}), list = el('ul'), found = el('p', {class: 'soft found', role: 'status'});
  const search = el('input', {type: 'search', 'aria-label': 'Find a device', placeholder: 'Find a device', autocomplete: 'off', spellcheck: 'false'});
  const field = el('div', {class: 'search'}, search, found);
  const details = el('details', {open: wide.matches}, el('summary', {}, total, name), field, list);
  const states = deviceStates(refused);
  let all = [], chosen = '', shownFor = null;

  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = device => [device.DeviceId, device.Name, device.Model, device.Location].join(' ').toLowerCase();
    const some = all.filter(device => words.every(word => text(device).includes(word)));
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    states.unwatch();
    list.replaceChildren(...some.map(device => deviceLink(device, chosen, states)));
    if (!field.hidden) oneStop([...list.querySelectorAll('a')]);
    found.textContent = words.length ? (some.length ? some.length + ' of ' + all.length : 'No device has this in its id, name, model or location.') : '';
    const again = focused && [...list.querySelectorAll('a')].find(link => link.getAttribute('href') === focused);
    if (again) again.focus({preventScroll: true});
  };
  // Arrows go from the field through the list, Enter opens the first that was found.
  const onkeydown = event => {
    const links = [...list.querySelectorAll('a')], at = links.indexOf(document.activeElement);
    const to = event.key === 'ArrowDown' ? links[at + 1] : event.key === 'ArrowUp' ? (at > 0 ? links[at - 1] : field.hidden ? null : search) : null;
    if (event.key === 'Enter' && document.activeElement === search && links.length) links[0].click();
    if (event.key === 'Escape' && search.value) { search.value = ''; draw(); search.focus(); }
    if (!to) return;
    event.preventDefault();
    to.focus();
  };
  search.addEventListener('input', draw);
  details.addEventListener('keydown', onkeydown);
  wide.addEventListener('change', () => { details.open = wide.matches; });
  const show = (devices, chosenId) => {
    [all, chosen] = [devices, chosenId];
    nav.hidden = false;
    if (!nav.contains(details)) nav.replaceChildren(details);
    total.textContent = count(all.length, 'device');
    name.textContent = (all.find(device => device.DeviceId === chosen) || {Name: ''}).Name;
    field.hidden = all.length < kSearchFrom;
    draw();
    if (shownFor !== chosen && wide.matches) inSight(nav, list.querySelector('a[aria-current]'));
    shownFor = chosen;
  };
  const heard = record => {
    const link = list.querySelector('a[aria-current]');
    if (!link) return;
    link.querySelector('.heard').textContent = 'heard ' + age(Math.max(0, serverNow_ms() - record._ts * 1000));
    states.told(chosen, link, record);
  };
  const clear = () => {
    [search.value, all, shownFor] = ['', [], null];
    states.forget();
    nav.replaceChildren();
    nav.hidden = true;
  };
  return {show, heard, clear};
}
