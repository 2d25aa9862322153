// CSV as RFC 4180 has it, and the row that a record is in it.

// Rows of fields; throws for what RFC 4180 does not allow.
export function parseTable(text) {
  const rows = [];
  let row = [];
  for (let at = 0; at < text.length;) {
    const field = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
    field.lastIndex = at;
    const [whole, quoted, plain] = field.exec(text);
    row.push(quoted !== undefined ? quoted.replaceAll('""', '"') : plain);
    at += whole.length;
    if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else if (text[at] === ',') ++at;
    else throw new Error('neither a comma nor an end of line behind a field, at ' + at);
  }
  if (row.length > 0) throw new Error('the last row has no end');
  return rows;
}

const numbered = (name, count) => Array.from({length: count}, (_, i) => name + '_' + (i + 1));
const kMost = 24;
const kHead = ['deviceId', 'Device_id', 'pack_voltage'];
const kTail = ['temperature', 'pack_current', 'soc', 'ocv_soc', 'soh', 'bms_state', 'main_contactor_state', 'charger_contactor_state', 'id', '_ts'];

export function columns({cells, extended, seen}) {
  const more = ['ts', 'boot', 'seq', ...numbered('temperature', kMost), ...numbered('balancing', cells), 'faults', ...(seen ? ['states_seen', 'faults_seen'] : [])];
  return [...kHead, ...numbered('cell_voltage', cells), ...kTail, ...(extended ? more : [])];
}

// The record, as the API gives it in JSON, as a row of these columns.
export function tableRow(record, shape) {
  const place = /^(cell_voltage|temperature|balancing)_(\d+)$/;
  const word = value => value === undefined || value === null ? '' : String(value);
  return columns(shape).map(name => {
    const [, list, number] = place.exec(name) ?? [];
    if (list) return word(record[list === 'temperature' ? 'temperatures' : list]?.[number - 1]);
    const value = record[name];
    return Array.isArray(value) ? value.join(' ') || '-' : word(value);
  });
}
