// Numbers and words for people.
const kNone = '\u2013';

// "3.412 V": always so many digits, so that a number that changes does not jump.
function fixed(value, digits, unit) {
  if (value === null || value === undefined) return kNone;
  const text = value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1').replace('-', kMinus);
  return unit ? text + '\u00a0' + unit : text;
}

function age(ms) {
  if (ms < 1000) return 'just now';
  const s = Math.floor(ms / 1000);
  if (s < 120) return s + '\u00a0s ago';
  if (s < 7200) return Math.floor(s / 60) + '\u00a0min ago';
  if (s < 172800) return Math.floor(s / 3600) + '\u00a0h ago';
  return Math.floor(s / 86400) + '\u00a0d ago';
}

// Of a time that is so far ahead of the server's clock that it is wrong.
function aheadText(ms) {
  return age(ms).replace(' ago', '') + ' ahead of the server\u2019s clock';
}

function length(s) {
  for (const [unit, seconds] of [['d', 86400], ['h', 3600], ['min', 60]]) {
    if (s >= seconds && s % seconds === 0) return s / seconds + '\u00a0' + unit;
  }
  return s + '\u00a0s';
}

const two = n => String(n).padStart(2, '0');
const kMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const dayText = date => date.getDate() + '\u00a0' + kMonths[date.getMonth()];
const clockText = (date, seconds) => two(date.getHours()) + ':' + two(date.getMinutes()) + (seconds ? ':' + two(date.getSeconds()) : '');
const momentText = ms => {
  const date = new Date(ms);
  return dayText(date) + '\u00a0' + date.getFullYear() + ', ' + clockText(date, true);
};

function zoneText(ms) {
  const minutes = -new Date(ms).getTimezoneOffset(), whole = Math.abs(minutes);
  return 'UTC' + (minutes ? (minutes > 0 ? '+' : kMinus) + Math.floor(whole / 60) + (whole % 60 ? ':' + two(whole % 60) : '') : '');
}

// Both forms of the API: 2025-02-20T10:24:05.103Z and 20250220T102405.103Z.
function parseStamp(text) {
  return Date.parse(String(text).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:').replace(/::/, ':'));
}

const measured_ms = record => record.ts ? parseStamp(record.ts) : record._ts * 1000;

// What the faults of the reference BMS are called; other words are shown as they come.
const kFaultWords = {
  cell_ov: 'Cell over-voltage', cell_ov_hard: 'Cell over-voltage, hard limit', cell_uv: 'Cell under-voltage',
  cell_uv_hard: 'Cell under-voltage, hard limit', deep_discharge: 'Deep discharge', pack_ov: 'Pack over-voltage',
  pack_uv: 'Pack under-voltage', occ1: 'Over-current while charging', occ2: 'Over-current while charging, second level',
  ocd1: 'Over-current while discharging', ocd2: 'Over-current while discharging, second level', short: 'Short circuit',
  otc: 'Too hot to charge', utc: 'Too cold to charge', otd: 'Too hot to discharge', utd: 'Too cold to discharge',
  ot_hard: 'Over-temperature, hard limit', t_spread: 'Temperatures too far apart', pcb_ot: 'Board too hot',
  imbalance: 'Cells out of balance', sum_mismatch: 'Cells do not add up to the pack', open_wire: 'Sense wire open',
  v_stuck: 'Voltage reading stuck', i_stuck: 'Current reading stuck', ntc: 'Temperature sensor broken',
  precharge_timeout: 'Precharge took too long', contactor_weld: 'Contactor welded', contactor_fail_close: 'Contactor does not close',
  comm_loss: 'Measurements lost', frame_errors: 'Damaged frames', watchdog: 'Watchdog', config: 'Configuration damaged',
  emergency_stop: 'Emergency stop',
};
const faultText = word => kFaultWords[word] || word.replaceAll('_', ' ');

// What a state looks like: FAULT_LATCHED and ERROR are as bad as FAULT; words that are not known here are all alike.
const kStateTones = [[/(^|_)(FAULT|ERROR|ALARM|EMERGENCY|TRIP)/, 'fault'], [/^DISCHARG/, 'discharging'], [/^CHARG/, 'charging'],
  [/^(PRECHARGE|INIT|BALANC)/, 'between'], [/^(IDLE|SLEEP|STANDBY|SHUTDOWN|OFF)/, 'idle']];
const stateTone = state => (kStateTones.find(([word]) => word.test(state)) || ['', 'other'])[1];
const isFault = state => stateTone(state) === 'fault';
const stateText = state => state.replaceAll('_', ' ');
const inTrouble = record => isFault(record.bms_state) || Boolean(record.faults && record.faults.length);
