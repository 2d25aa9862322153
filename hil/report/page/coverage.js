// Requirement x scenario x verdict: each requirement with the runs that judged it, or NOT COVERED.
function coverageRow(row, runs) {
  const severalDevices = new Set(runs.map(run => run.device)).size > 1;
  const label = entry => runs[entry.run].scenario + (severalDevices ? onDevice(runs[entry.run]) : '') + ' ' + entry.verdict;
  const shown = row.status === 'not covered' ? 'not-covered' : row.status;
  return el('tr', {},
    el('td', {}, el('span', {class: 'badge ' + shown}, row.status)),
    el('td', {}, el('span', {class: 'check-name'}, row.id), row.text && el('span', {class: 'detail'}, row.text),
      (row.source || !row.listed) && el('span', {class: 'detail soft'}, row.listed ? row.source : 'not in the requirements file')),
    el('td', {}, el('div', {class: 'chips'}, row.runs.map(entry =>
      el('a', {class: 'chip ' + entry.verdict, href: '#run-' + entry.run}, label(entry))))));
}

function coverageSection(coverage, runs) {
  if (!coverage.length) return null;
  const open = coverage.filter(row => row.status === 'not covered').length;
  const text = count(coverage.length, 'requirement') + ', ' + (open ? open + ' NOT COVERED by a judged run' : 'all covered') + '.';
  const head = ['Status', 'Requirement', 'Judged by'].map(title => el('th', {scope: 'col'}, title));
  return el('section', {id: 'coverage'}, el('h2', {}, 'Requirements'),
    el('table', {class: 'cards'}, el('caption', {}, text), el('thead', {}, el('tr', {}, head)), el('tbody', {}, coverage.map(row => coverageRow(row, runs)))));
}
