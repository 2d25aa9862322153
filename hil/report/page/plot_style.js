// One look for the four views of a pack: truth wide and plain underneath, the others thinner and dashed so that lines that
// coincide can all be seen.
const kViews = {
  truth: {width: 2.5, dash: undefined},
  sensed: {width: 1.5, dash: undefined},
  device: {width: 1.5, dash: [8, 5]},
  api: {width: 1.75, dash: [2, 5]},
};

function viewSeries(view, label, unit, extra) {
  const shape = kViews[view];
  return Object.assign({
    label,
    stroke: color(view),
    width: shape.width,
    dash: shape.dash,
    points: {show: false},
    spanGaps: false,
    value: (u, value) => value === null || value === undefined ? '\u2013' : significant(value, 6) + unitText(unit),
  }, extra);
}

function axes() {
  const axis = {stroke: color('soft'), grid: {stroke: color('grid'), width: 1}, ticks: {show: false}, font: '11px system-ui, sans-serif'};
  return [Object.assign({size: 26, gap: 4}, axis, {values: (u, ticks) => ticks.map(t => significant(t, 7))}),
          Object.assign({size: 56, gap: 4}, axis, {values: (u, ticks) => ticks.map(t => significant(t, 6))})];
}
