// The checks of a run as a table; on a narrow screen as cards.
function marginCell(check) {
  return el('td', {class: 'number', 'data-label': 'margin'},
    el('span', {class: 'margin ' + check.verdict}, signedQuantity(check.margin, check.unit)),
    check.marginal && el('span', {class: 'marginal', title: 'the margin is below the resolution of the measurement'}, 'marginal'));
}

function checkRow(check) {
  return el('tr', {},
    el('td', {}, el('span', {class: 'badge ' + check.verdict}, check.verdict)),
    el('td', {}, el('span', {class: 'check-name'}, check.name),
      check.requirement.length > 0 && el('span', {class: 'soft'}, ' ' + check.requirement.join(', ')),
      check.detail && el('span', {class: 'detail'}, check.detail),
      check.formula && el('code', {class: 'formula'}, check.formula)),
    marginCell(check),
    el('td', {class: 'number', 'data-label': 'measured'}, quantity(check.measured, check.unit)),
    el('td', {class: 'number', 'data-label': 'limit'}, quantity(check.limit, check.unit)),
    el('td', {class: 'number', 'data-label': 'at'}, check.worst_at_s === null ? '\u2013' : significant(check.worst_at_s, 7) + '\u00a0s'));
}

function checksTable(run) {
  if (!run.checks.length) return el('p', {class: 'soft'}, 'No check was judged.');
  const head = ['Verdict', 'Check'].map(text => el('th', {scope: 'col'}, text))
    .concat(['Margin', 'Measured', 'Limit', 'Time'].map(text => el('th', {scope: 'col', class: 'number'}, text)));
  const order = run.checks.slice().sort((a, b) => kSeverity[a.verdict] - kSeverity[b.verdict]);
  return el('table', {class: 'cards'}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, order.map(checkRow)));
}
