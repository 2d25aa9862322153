// The page: verdict, why, runs, requirements.
const kVerdicts = ['pass', 'fail', 'inconclusive', 'skipped'];

function verdictSentence(results, counts) {
  const total = results.runs.length;
  if (!total) return 'Nothing ran.';
  if (results.verdict === 'skipped') return 'The pack was simulated alone; there was nothing to judge.';
  if (counts.fail) return counts.fail + ' of ' + count(total, 'run') + ' failed.';
  if (counts.inconclusive) return counts.inconclusive + ' of ' + count(total, 'run') + ' could not be judged; none failed.';
  if (!counts.pass) return 'No run was judged.';
  return counts.skipped ? 'Every run that was not skipped passed.' : total === 1 ? 'The run passed.' : 'All ' + total + ' runs passed.';
}

function verdictPanel(results, counts) {
  const items = kVerdicts.map(verdict => el('li', {class: verdict + (counts[verdict] ? '' : ' zero')}, el('b', {}, String(counts[verdict])),
    ' ' + verdictWord(verdict, results.verdict === 'skipped')));
  const marginal = results.runs.reduce((sum, run) => sum + run.checks.filter(check => check.marginal).length, 0);
  if (marginal) items.push(el('li', {class: 'inconclusive'}, el('b', {}, String(marginal)), ' marginal ' + (marginal === 1 ? 'check' : 'checks')));
  return el('header', {class: 'verdict ' + results.verdict},
    el('h1', {id: 'verdict'}, verdictWord(results.verdict, true).toUpperCase()),
    el('p', {class: 'sentence'}, verdictSentence(results, counts) + (results.interrupted ? ' The session was interrupted.' : '')),
    el('ul', {class: 'counts'}, items),
    el('p', {class: 'session'}, el('span', {}, 'packbench ' + results.packbench), results.commit && el('span', {class: 'mono'}, results.commit.slice(0, 12)),
      el('span', {}, results.started), el('span', {}, 'took ' + duration(results.wall_s))));
}

function whySection(runs, order) {
  const bad = order.filter(i => runs[i].verdict === 'fail' || runs[i].verdict === 'inconclusive');
  if (!bad.length) return null;
  return el('section', {}, el('h2', {}, 'Why'), el('ul', {class: 'why'}, bad.map(i =>
    el('li', {}, el('span', {class: 'badge ' + runs[i].verdict}, runs[i].verdict), ' ', el('a', {href: '#run-' + i}, runs[i].scenario),
      el('span', {class: 'soft'}, onDevice(runs[i])), el('span', {class: 'detail'}, runs[i].reason)))));
}

function runsSection(runs, order) {
  const list = order.map(i => runDetails(i, runs[i], runs[i].verdict === 'fail' || runs[i].verdict === 'inconclusive' || runs.length === 1));
  const all = el('button', {type: 'button', onclick: () => {
    const open = list.some(details => !details.open);
    list.forEach(details => { details.open = open; });
  }}, 'Open or close all');
  return el('section', {id: 'runs'}, el('div', {class: 'runs-head'}, el('h2', {}, 'Runs'), runs.length > 1 && all), list);
}

function openTarget() {
  const target = location.hash.startsWith('#run-') && document.getElementById(location.hash.slice(1));
  if (!target) return;
  target.open = true;
  target.scrollIntoView();
}

function showReport() {
  const results = readJson('results'), runs = results.runs;
  const counts = Object.fromEntries(kVerdicts.map(verdict => [verdict, runs.filter(run => run.verdict === verdict).length]));
  const order = runs.map((_, i) => i).sort((a, b) => kSeverity[runs[a].verdict] - kSeverity[runs[b].verdict] || a - b);
  const sections = [verdictPanel(results, counts), whySection(runs, order), runsSection(runs, order), coverageSection(results.coverage, runs)];
  document.getElementById('report').replaceChildren(...sections.filter(Boolean));
  addEventListener('hashchange', openTarget);
  addEventListener('click', event => {
    const link = event.target.closest && event.target.closest('a[href^="#run-"]');
    if (link && link.hash === location.hash) openTarget();  // no hashchange comes
  });
  openTarget();
}

showReport();
