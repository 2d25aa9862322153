// What texts of the API mean, worked out apart from the server: decimals without a double between, and time stamps.

// The decimal as a whole number of units of 10^-digits, halves away from zero.
export function fixed(text, digits) {
  const [, sign, whole, rest = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const shift = Number(power) - rest.length + digits;
  let value = BigInt(whole + rest);
  if (shift >= 0) value *= 10n ** BigInt(shift);
  else if (-shift > 4000) value = 0n;
  else {
    const unit = 10n ** BigInt(-shift);
    value = (2n * value + unit) / (2n * unit);
  }
  return sign ? -value : value;
}

// The number that stands for so many units.
export const decimal = (units, digits) => units === null ? null : Number(units) / 10 ** digits;

const kStamp = /^(\d{4})-?(\d{2})-?(\d{2})(?:[Tt](\d{2}):?(\d{2}):?(\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):?(\d{2})))?$/;

// {ms, ns}: ms since 1970, rounded down, and what is left; null for what is no instant of the years 0 to 9999.
export function instant(text) {
  const found = kStamp.exec(text);
  if (!found) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', , sign, offsetHour = '0', offsetMinute = '0'] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const digits = fraction.padEnd(9, '0');
  const ms = date.getTime() + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000 + Number(digits.slice(0, 3));
  if (ms < -62167219200000 || ms >= 253402300800000) return null;
  return {ms, ns: Number(digits.slice(3))};
}
export const ceiling = ({ms, ns}) => ms + (ns > 0 ? 1 : 0);

export const extended = ms => new Date(ms).toISOString();  // of the years 0 to 9999
export const basic = ms => extended(ms).replace(/[-:]/g, '');

// The text of an instant in one of its forms: {basic, digits: 0 to 9, offset: minutes or null for Z}.
export function stampText(ms, {basic: isBasic = false, digits = 3, offset = null, ns = 0} = {}) {
  const local = extended(ms + (offset ?? 0) * 60_000);
  const fraction = (local.slice(20, 23) + String(ns).padStart(6, '0')).slice(0, digits);
  const size = Math.abs(offset ?? 0), two = number => String(number).padStart(2, '0');
  const zone = offset === null ? 'Z' : (offset < 0 ? '-' : '+') + two(Math.floor(size / 60)) + ':' + two(size % 60);
  const text = local.slice(0, 19) + (digits ? '.' + fraction : '') + zone;
  return isBasic ? text.replace(/-(?=\d\d-|\d\dT)/g, '').replaceAll(':', '') : text;
}
