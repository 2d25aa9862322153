// Numbers and times for people.
const kMinus = '\u2212';

function significant(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return '\u2013';
  const text = Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4)
      ? value.toExponential(2) : String(Number(value.toPrecision(digits)));
  return text.replace('-', kMinus);
}

function unitText(unit) {
  return unit && unit !== '1' ? '\u00a0' + unit.replace('degC', '\u00b0C').replace('ohm', '\u03a9') : '';
}

function quantity(value, unit) {
  return value === null || value === undefined ? '\u2013' : significant(value, 5) + unitText(unit);
}

function signedQuantity(value, unit) {
  if (value === null || value === undefined) return '\u2013';
  return (value > 0 ? '+' : '') + significant(value, 3) + unitText(unit);
}

// 75.3 s, 12 min 5 s, 3 h 20 min
function duration(seconds) {
  if (seconds < 120) return significant(seconds, 3) + '\u00a0s';
  const whole = Math.round(seconds);
  const h = Math.floor(whole / 3600), m = Math.floor(whole % 3600 / 60), s = whole % 60;
  const parts = [h && h + '\u00a0h', m && m + '\u00a0min', !h && s && s + '\u00a0s'].filter(Boolean);
  return parts.join(' ');
}

function count(n, one, many) {
  return n + ' ' + (n === 1 ? one : many || one + 's');
}
