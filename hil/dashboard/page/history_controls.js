// What moves a history: buttons, and keys while the plots have the focus.
const kWindows_s = [300, 3600, 21600, 86400, 604800, 2592000];
const kKeysHint = 'Drag to zoom, double-click to go back. With the focus on the plots: left and right arrows read point by point (with Shift ten), Home and End go to the edges, ' +
    'F and Shift+F to faults, + and \u2212 zoom, Page Up and Page Down move the window, 0 goes back, Escape leaves.';

function historyControls(view) {
  const button = (text, name, action) => el('button', {type: 'button', 'aria-label': name, title: name, onclick: action}, text);
  const windows = kWindows_s.map(s => el('button', {type: 'button', 'data-window': s, 'aria-pressed': 'false', onclick: () => view.choose(s)}, length(s)));
  const node = el('div', {class: 'controls'},
    el('div', {class: 'group', role: 'group', 'aria-label': 'Length of the window, up to now'}, windows),
    el('div', {class: 'group', role: 'group', 'aria-label': 'Move and zoom'}, button('\u2190', 'Earlier', () => view.move(-0.5)),
      button('\u2192', 'Later', () => view.move(0.5)), button('\u2212', 'Zoom out', () => view.zoom(2)), button('+', 'Zoom in', () => view.zoom(0.5))));
  const save = el('button', {type: 'button', disabled: true, title: 'One record for each point that is shown', onclick: () => view.save()}, 'Save as CSV');
  node.append(save);
  const mark = () => windows.forEach(one => one.setAttribute('aria-pressed', view.follows && Number(one.dataset.window) === view.chosen_s));
  return {node, save, mark};
}

// Handles a key for the plots; true when it meant something.
function historyKey(event, view, cursor) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const read = i => view.point(i, true);
  const step = direction => {
    const i = cursor.step(direction * (event.shiftKey ? 10 : 1));
    i === null ? view.move(direction * 0.25) : read(i);
  };
  const fault = direction => {
    const i = cursor.stepToFault(direction);
    if (i !== null) read(i);
  };
  const actions = {
    ArrowLeft: () => step(-1), ArrowRight: () => step(1), Home: () => read(cursor.ends()[0]), End: () => read(cursor.ends()[1]),
    f: () => fault(1), F: () => fault(-1), PageUp: () => view.move(-0.5), PageDown: () => view.move(0.5),
    '+': () => view.zoom(0.5), '=': () => view.zoom(0.5), '-': () => view.zoom(2), 0: () => view.choose(view.chosen_s), Escape: () => view.point(null, false),
  };
  if (!actions[event.key]) return false;
  actions[event.key]();
  return true;
}
