// Requests made from the document: what it allows, what is nearly that, and what is meant to hurt.
import {require} from './packages.mjs';

export const fc = require('fast-check');

const text = fc.string({unit: fc.oneof({weight: 6, arbitrary: fc.string({minLength: 1, maxLength: 1})}, {weight: 1, arbitrary: fc.string({unit: 'binary', minLength: 1, maxLength: 1})})});
const characters = value => [...value].length;

function numbers({minimum = -1e9, maximum = 1e9}) {
  const edges = [minimum, maximum, 0, -0, minimum + 0.0001, maximum - 0.0001, (minimum + maximum) / 2].filter(one => one >= minimum && one <= maximum);
  return fc.oneof(fc.constantFrom(...edges), fc.double({min: minimum, max: maximum, noNaN: true}), fc.integer({min: Math.ceil(minimum * 1e4), max: Math.floor(maximum * 1e4)}).map(one => one / 1e4));
}

function strings({pattern, minLength = 0, maxLength = 40}) {
  if (pattern?.startsWith('^')) return fc.stringMatching(new RegExp(pattern)).filter(one => characters(one) <= maxLength);
  const some = fc.oneof({weight: 8, arbitrary: text}, {weight: 1, arbitrary: fc.constantFrom(minLength, maxLength).map(one => 'ü'.repeat(one))});
  return some.filter(one => characters(one) >= minLength && characters(one) <= maxLength && (!pattern || new RegExp(pattern).test(one)));
}

function objects(contract, schema) {
  const properties = Object.fromEntries(Object.entries(schema.properties).map(([key, one]) => [key, valid(contract, one)]));
  return fc.record(properties, {requiredKeys: schema.required ?? []}).map(made => {
    for (const [key, others] of Object.entries(schema.dependentRequired ?? {})) if (key in made && others.some(one => !(one in made))) delete made[key];
    return made;
  });
}

// Values that the schema allows.
export function valid(contract, schema) {
  const {$ref, ...own} = schema, at = $ref ? {...contract.resolve(schema), ...own} : schema;
  if ('const' in at) return fc.constant(at.const);
  if (at.enum) return fc.constantFrom(...at.enum);
  const choices = at.oneOf ?? at.anyOf;
  if (choices) return fc.oneof(...choices.map(one => valid(contract, one)));
  if (Array.isArray(at.type)) return fc.oneof(...at.type.map((type, i) => ({weight: i === 0 ? 8 : 1, arbitrary: valid(contract, {...at, type})})));
  switch (at.type) {
    case 'null': return fc.constant(null);
    case 'boolean': return fc.boolean();
    case 'integer': return fc.oneof(fc.constantFrom(at.minimum ?? 0, at.maximum ?? 100), fc.integer({min: at.minimum ?? 0, max: Math.min(at.maximum ?? 2 ** 31, 2 ** 53 - 1)}));
    case 'number': return numbers(at);
    case 'string': return strings(at);
    case 'array': return fc.array(valid(contract, at.items), {minLength: at.minItems ?? 0, maxLength: Math.min(at.maxItems ?? 5, 24), size: 'max', depthIdentifier: 'list'})
        .chain(all => fc.nat(3).map(cut => all.length - cut >= (at.minItems ?? 0) ? all.slice(0, all.length - cut) : all));
    case 'object': return objects(contract, at);
    default: throw new Error('no values for ' + JSON.stringify(at));
  }
}

// The value with one thing in it replaced, removed or added.
export function nearly(value) {
  const odd = fc.oneof(fc.constantFrom(null, true, '', ' ', 0, -1, 1.5, 1e300, -1e-300, 2 ** 53, 'x'.repeat(300), [], {}, '\u0000', '2025-02-30', '9007199254740993'),
                       fc.jsonValue({maxDepth: 2}));
  return fc.tuple(fc.nat(1000), fc.nat(4), odd).map(([at, how, other]) => changed(value, at, how, other));
}

function changed(value, at, how, other) {
  if (Array.isArray(value) && value.length > 0 && at % 5 > 0) {
    const copy = value.slice(), index = at % value.length;
    copy[index] = changed(value[index], Math.floor(at / 5), how, other);
    return copy;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return how === 0 ? [value] : other;
  const keys = Object.keys(value), key = keys[at % keys.length], copy = {...value};
  if (how === 0) delete copy[key];
  else if (how === 1) copy['more' + at] = other;
  else if (how === 2) return {...copy, [key]: changed(value[key], Math.floor(at / 7), how, other)};
  else copy[key] = other;
  return copy;
}

const bytes = fc.uint8Array({maxLength: 200}).map(one => Buffer.from(one));
const nastyJson = fc.constantFrom('', '{', '[]', '[[[[', '{"a":1,"a":2}', '[' .repeat(5000), '{"a":'.repeat(40) + '1' + '}'.repeat(40), '1e999', '-', 'nul', '"\\ud800"', '\ufeff{}', '[1,]',
                                  '{"pack_voltage":NaN}', '{"id":"\u0000"}', '"' + 'x'.repeat(10_000) + '"', '123456789012345678901234567890', '\u0000', '{"__proto__":{}}');
const nastySegment = fc.constantFrom('..', '.', '%2e%2e', '%2F', '%00', '%', '%zz', '%C3%28', '%ff', ';a=b', '*', '~', '<script>', "'", '"', '%0d%0aX:%20y', 'a'.repeat(2000), '', '\\', '|', '%25%32%66', 'null', '-1');
const visible = fc.string({maxLength: 30}).map(one => one.replace(/[ \r\n]/g, '_'));
const headerValue = fc.oneof(fc.string({maxLength: 60}), bytes.map(one => one.toString('latin1').slice(0, 60))).map(one => one.replace(/[\r\n]/g, ' ').trim());
const encoded = fc.oneof(fc.string({unit: 'binary', maxLength: 20}).map(one => encodeURIComponent(one.toWellFormed ? one.toWellFormed() : one)), visible);

// Anything that is one request on the wire. headers: the right ones, of which some are spoilt.
export function hostile(contract, headers, devices) {
  const known = fc.constantFrom(...contract.operations).chain(one => fc.tuple(fc.constantFrom(...devices), nastySegment, fc.nat(3)).map(
      ([device, nasty, how]) => one.path.replace('{deviceId}', how === 0 ? nasty : encodeURIComponent(device)) + (how === 1 ? '/' + nasty : '')));
  const path = fc.oneof({weight: 4, arbitrary: known}, fc.array(fc.oneof(nastySegment, visible), {maxLength: 6}).map(all => '/' + all.join('/')));
  const names = [...new Set(contract.operations.flatMap(one => one.parameters).filter(one => one.in === 'query').map(one => one.name)), 'ApiKey', 'x'];
  const pair = fc.tuple(fc.oneof({weight: 4, arbitrary: fc.constantFrom(...names)}, encoded), fc.oneof(encoded, nastySegment)).map(([name, value]) => name + '=' + value);
  const query = fc.oneof(fc.constant(''), fc.array(pair, {maxLength: 4}).map(all => '?' + all.join('&')), visible.map(one => '?' + one));
  const spoilt = fc.record({ApiKey: headerValue, Accept: fc.oneof(headerValue, fc.constantFrom('*/*;q=0', 'application/problem+json', 'text/csv', ',,,', 'a/b;q=2')),
                            'Content-Type': headerValue, 'Idempotency-Key': headerValue, 'If-None-Match': headerValue, 'Accept-Encoding': fc.constantFrom('gzip', 'gzip;q=0', '*', 'br', ''),
                            'X-Forwarded-For': headerValue, Origin: headerValue, Cookie: headerValue, Range: fc.constant('bytes=0-1')}, {requiredKeys: []});
  const page = target => target.split(/[?#]/)[0] === '/';  // the dashboard, which is not of the document
  return fc.record({method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'BREW'),
                    target: fc.tuple(path, query).map(all => all.join('')).filter(one => !page(one)), headers: fc.oneof(fc.constant({}), spoilt).map(some => ({...headers, ...some})),
                    body: fc.oneof({weight: 2, arbitrary: fc.constant(undefined)}, nastyJson, bytes, fc.json())});
}
