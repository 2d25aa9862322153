// Where the current goes: pack, shunt, the two contactors, load and charger.
function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const wire = (d, name) => svg('path', {d, class: 'wire' + (name ? ' ' + name : '')});
const label = (x, y, text, attributes) => svg('text', {x, y, ...attributes}, text || '');

function box(x, y, width, height, text) {
  return svg('g', {}, svg('rect', {x, y, width, height, rx: 6, class: 'box'}),
    label(x + width / 2, y + height / 2 + 5, text, {'text-anchor': 'middle'}));
}

// A switch from (x, y) to (x + 44, y), drawn open and closed; the class of its group shows one of them.
function contactor(x, y, name) {
  const text = label(x + 22, y + 32, '', {'text-anchor': 'middle', class: 'small'});
  const group = svg('g', {class: 'contactor'},
    svg('path', {d: `M${x} ${y} l38 -20`, class: 'lever open'}), svg('path', {d: `M${x} ${y} h44`, class: 'lever closed'}),
    svg('circle', {cx: x, cy: y, r: 4}), svg('circle', {cx: x + 44, cy: y, r: 4}), text);
  const show = closed => {
    group.setAttribute('class', 'contactor ' + (closed ? 'is-closed' : 'is-open'));
    text.textContent = name + ' ' + (closed ? 'closed' : 'open');
  };
  return {group, show};
}

function batteryCells() {
  const lines = [];
  for (let i = 0; i < 4; ++i) {
    lines.push(svg('path', {d: `M32 ${112 + i * 22} h36`, class: 'plate'}), svg('path', {d: `M41 ${122 + i * 22} h18`, class: 'plate short'}));
  }
  return svg('g', {}, ...lines);
}

function schematicPanel() {
  const main = contactor(214, 40, 'Main'), charger = contactor(214, 120, 'Charger');
  const current = label(118, 86, '', {'text-anchor': 'middle', class: 'strong'}), direction = label(118, 106, '', {'text-anchor': 'middle', class: 'small'});
  const arrow = svg('path', {d: 'M-7 -6 L7 0 L-7 6 Z', class: 'arrow'});
  const picture = svg('svg', {viewBox: '24 4 358 230', role: 'img', class: 'schematic'},
    wire('M50 112 V40 H102 M134 40 H214 M258 40 H292 M178 40 V120 H214 M258 120 H292'),
    wire('M50 188 V222 H376 V40 H362 M376 120 H362'),
    batteryCells(), svg('rect', {x: 102, y: 33, width: 32, height: 14, rx: 3, class: 'box'}), label(118, 24, 'Shunt', {'text-anchor': 'middle', class: 'small'}),
    svg('circle', {cx: 178, cy: 40, r: 4, class: 'node'}), label(178, 25, 'P', {'text-anchor': 'middle', class: 'small'}),
    main.group, charger.group, box(292, 21, 70, 38, 'Load'), box(292, 101, 70, 38, 'Charger'),
    svg('g', {transform: 'translate(118 62)'}, arrow), current, direction);
  const show = record => {
    const flow = record.pack_current === null || Math.abs(record.pack_current) < kRest_A ? 0 : Math.sign(record.pack_current);
    main.show(record.main_contactor_state);
    charger.show(record.charger_contactor_state);
    current.textContent = fixed(record.pack_current, 1, 'A');
    direction.textContent = flow > 0 ? 'into the pack' : flow < 0 ? 'out of the pack' : '';
    arrow.setAttribute('class', 'arrow ' + (flow ? 'flows' : 'rests'));
    arrow.setAttribute('transform', flow > 0 ? 'rotate(180)' : '');
    const word = closed => closed ? 'closed' : 'open';
    picture.setAttribute('aria-label', 'Main contactor ' + word(record.main_contactor_state) + ', charger contactor ' +
        word(record.charger_contactor_state) + ', ' + fixed(record.pack_current, 1, 'A') + ' ' + direction.textContent);
  };
  const panel = el('section', {class: 'panel'}, el('div', {class: 'panel-head'}, el('h2', {}, 'Contactors')), picture);
  return {panel, show};
}
