// The list of devices. Where there is room it stands beside the pack, else it is folded away above it.
function deviceLink(device, chosen) {
  const heard = device.LastConnected ? 'heard ' + age(Math.max(0, serverNow_ms() - parseStamp(device.LastConnected))) : 'never heard';
  return el('li', {}, el('a', {href: '#/' + encodeURIComponent(device.DeviceId), 'aria-current': device.DeviceId === chosen ? 'page' : null},
    el('span', {class: 'name'}, device.Name), el('span', {class: 'soft id'}, device.DeviceId), el('span', {class: 'soft heard'}, heard)));
}

// The chosen device sends while one looks at it.
function markHeard(nav, arrived_ms) {
  const heard = nav.querySelector('a[aria-current] .heard');
  if (heard) heard.textContent = 'heard ' + age(Math.max(0, serverNow_ms() - arrived_ms));
}

function showDevices(nav, devices, chosen) {
  const wide = matchMedia('(min-width: 900px)').matches;
  const before = nav.querySelector('details'), focused = nav.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  const open = before ? before.open || wide : wide;
  const current = devices.find(device => device.DeviceId === chosen);
  nav.hidden = false;
  nav.replaceChildren(el('details', {open},
    el('summary', {}, el('span', {}, count(devices.length, 'device')), current && el('span', {class: 'soft'}, current.Name)),
    el('ul', {}, devices.map(device => deviceLink(device, chosen)))));
  const again = focused && [...nav.querySelectorAll('a')].find(link => link.getAttribute('href') === focused);
  if (again) again.focus();
}
