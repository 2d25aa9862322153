// One run: a line when closed; reason, facts, checks and plots when opened.
function fact(label, value, attributes) {
  return value === '' || value === null || value === undefined ? null : el('div', {}, el('dt', {}, label), el('dd', attributes || {}, value));
}

function factsList(run) {
  const speed = run.wall_s > 0 ? ' (' + significant(run.sim_s / run.wall_s, 3) + '\u00d7 real time)' : '';
  return el('dl', {class: 'facts-list'},
    fact('device', run.simulated ? 'none: the pack alone' : run.device, run.simulated ? {} : {class: 'mono'}), fact('firmware', run.firmware, {class: 'mono'}), fact('defect', run.defect, {class: 'mono'}),
    fact('first fault', run.first_fault, {class: 'mono'}), fact('contactor evidence', run.evidence), fact('seed', String(run.seed)), fact('cells', String(run.cells)),
    fact('steps', run.steps + ' of ' + duration(run.step_s)), fact('took', duration(run.wall_s) + speed),
    fact('scenario', run.file, {class: 'mono'}), fact('trace', run.trace, {class: 'mono'}),
    fact('trace hash', run.trace_hash.slice(0, 16), {class: 'mono', title: run.trace_hash}), !run.simulated && fact('line', lineText(run.link)));
}

// What the run did to the pack.
function packFacts(pack) {
  if (!pack) return null;
  const extreme = (entry, unit) => significant(entry.value, 5) + unitText(unit) + ' (cell ' + entry.cell + ', ' + significant(entry.at_s, 6) + '\u00a0s)';
  return el('dl', {class: 'facts-list'},
    fact('SOC', significant(pack.first_soc * 100, 4) + '\u00a0% to ' + significant(pack.last_soc * 100, 4) + '\u00a0%'),
    fact('lowest cell voltage', extreme(pack.lowest_V, 'V')), fact('highest', extreme(pack.highest_V, 'V')),
    fact('coldest cell', extreme(pack.coldest_degC, 'degC')), fact('hottest', extreme(pack.hottest_degC, 'degC')),
    energyFacts(pack.energy));
}

function energyFacts(energy) {
  const wh = value => significant(value, 4) + '\u00a0Wh';
  const unlessNone = (label, value) => value !== 0 && fact(label, wh(value));
  return [fact('energy in', wh(energy.charged_Wh)), fact('out', wh(energy.discharged_Wh)), fact('heat in the cells', wh(energy.heat_Wh)),
    unlessNone('in joints', energy.joints_Wh), unlessNone('in bleed resistors', energy.bleed_Wh), unlessNone('set free by reactions', energy.reactions_Wh),
    fact('stored', wh(energy.stored_Wh)), fact('unexplained', wh(energy.residual_Wh))];
}

// Where the model is extrapolated, for everybody to see before the numbers.
function outsideWarning(pack) {
  if (!pack || !pack.outside_range.length) return null;
  const texts = pack.outside_range.map(one => one.what.replace('degC', '\u00b0C') + ' (from ' + duration(one.from_s) + ' on, for ' + duration(one.for_s) + ')');
  return el('p', {class: 'reason inconclusive range'}, el('b', {}, 'Outside the range of the cell model: '), texts.join('; ') + '. What follows from there is extrapolated.');
}

function lineText(link) {
  const troubles = [['CRC errors', link.crc_errors], ['lost', link.lost], ['repeated', link.repeated], ['delayed', link.delayed]]
    .filter(([, n]) => n > 0).map(([label, n]) => n + ' ' + label);
  return count(link.frames_sent, 'frame') + ' out, ' + link.frames_received + ' back' + (troubles.length ? ', ' + troubles.join(', ') : '');
}

function commandLine(run) {
  if (!run.command) return null;
  const button = el('button', {type: 'button', onclick: () => copyText(run.command).then(() => {
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  })}, 'Copy');
  return el('div', {class: 'command'}, el('code', {}, run.command), button);
}

function telemetryText(telemetry) {
  if (!telemetry) return [];
  const latency = telemetry.latency;
  const within = name => significant(latency[name + '_s'], 3) + '\u00a0s';
  const text = count(telemetry.reports, 'device report') + ' sent, ' + count(telemetry.records, 'record') + ' fetched back' +
    (telemetry.never_arrived > 0 ? ', ' + telemetry.never_arrived + ' never arrived' : '') +
    (latency.count > 0 ? ', latency of ' + latency.count + '\u00a0of\u00a0' + telemetry.reports + ' (' + latency.clock + ' time) half within ' + within('p50') + ', 95\u00a0of\u00a0100 within ' + within('p95') +
      ', 99 within ' + within('p99') + ', at most ' + within('max') : '');
  const clocks = [['device', telemetry.device_clock_ahead_s], ['Device API', telemetry.api_clock_ahead_s]]
    .filter(([, ahead]) => ahead !== null && Math.abs(ahead) >= 1)
    .map(([who, ahead]) => 'Telemetry: the clock of the ' + who + ' is ' + significant(Math.abs(ahead), 3) + '\u00a0s ' + (ahead > 0 ? 'ahead' : 'behind'));
  return ['Telemetry: ' + text, ...clocks, ...telemetry.findings.map(finding => 'Telemetry: ' + finding)];
}

function notesList(run) {
  const faults = run.faults.map(fault => 'Fault ' + (fault.active ? 'injected' : 'ended') + ' at ' + significant(fault.at_s, 7) + '\u00a0s: ' + fault.label);
  const limits = run.phases.filter(phase => phase.ended_at_limit).map(phase => 'Phase ended at its limit: ' + phase.label);
  const notes = [...faults, ...limits, ...telemetryText(run.telemetry), ...run.notes];
  return notes.length ? el('ul', {class: 'notes'}, notes.map(note => el('li', {}, note))) : null;
}

function runBody(index, run) {
  return el('div', {class: 'body'},
    run.verdict !== 'pass' && run.reason && el('p', {class: 'reason ' + run.verdict}, run.reason),
    outsideWarning(run.pack),
    run.description && el('p', {class: 'soft', style: 'margin-top:10px'}, run.description),
    commandLine(run), el('h3', {}, 'Checks'), checksTable(run), el('h3', {}, 'Run'), factsList(run), notesList(run),
    run.pack && el('h3', {}, 'Pack'), packFacts(run.pack), runPlots(index, run));
}

function summaryFacts(run) {
  const passed = run.checks.filter(check => check.verdict === 'pass').length;
  const marginal = run.checks.filter(check => check.marginal).length;
  const checks = run.checks.length ? passed + '/' + run.checks.length + ' checks' : 'no checks';
  return [run.simulated ? 'simulated' : run.device, checks, marginal && marginal + ' marginal', run.pack && run.pack.outside_range.length > 0 && 'extrapolated', duration(run.sim_s)].filter(Boolean).join(' \u00b7 ');
}

// `open`: from the start; the body is made when first opened.
function runDetails(index, run, open) {
  const details = el('details', {class: 'run ' + run.verdict, id: 'run-' + index, 'data-verdict': run.verdict},
    el('summary', {}, el('span', {}, el('span', {class: 'badge ' + run.verdict}, verdictWord(run.verdict, run.simulated))), el('h3', {}, run.scenario),
      el('span', {class: 'facts'}, summaryFacts(run)),
      run.verdict !== 'pass' && run.reason && el('span', {class: 'why-line'}, run.reason)));
  let made = false;
  const make = () => {
    if (made || !details.open) return;
    made = true;
    const line = details.querySelector('.why-line');
    if (line) line.remove();
    details.append(runBody(index, run));
  };
  details.addEventListener('toggle', make);
  if (open) {
    details.open = true;
    make();
  }
  return details;
}
