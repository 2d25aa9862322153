// What the page is given: the results, and per run its plots, unpacked when needed.
function readJson(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// "1,2,,x" -> [1, 2, 2, null]
function unpack(text) {
  let last = null;
  return text === '' ? [] : text.split(',').map(item => {
    if (item !== '') last = item === 'x' ? null : Number(item);
    return last;
  });
}

// {lines: {signal: [{index, times, values}]}, codes: {signal: {kind, words, times, values}}}; null without plots.
function readPlots(run) {
  const packed = readJson('plots-' + run);
  if (!packed.lines.length && !packed.codes.length) return null;
  const grids = packed.times.map(unpack);
  const plots = {lines: {}, codes: {}};
  for (const line of packed.lines) {
    const list = plots.lines[line.signal] = plots.lines[line.signal] || [];
    list.push({index: line.index, times: grids[line.times], values: unpack(line.values)});
  }
  for (const code of packed.codes) {
    plots.codes[code.signal] = {kind: code.kind, words: code.words, times: unpack(code.times), values: unpack(code.values)};
  }
  return plots;
}

const kSeverity = {fail: 0, inconclusive: 1, skipped: 2, pass: 3};

// A simulation of the pack alone that had nothing to judge has not left anything out.
function verdictWord(verdict, simulated) {
  return simulated && verdict === 'skipped' ? 'simulated' : verdict;
}

function onDevice(run) {
  return run.simulated ? ', simulated' : ' on ' + run.device;
}
