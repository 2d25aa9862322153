// openapi.yaml as what it says of an exchange: which operation a request is for, and whether an answer keeps to it.
//
// Stricter than JSON Schema alone: an object may hold nothing that its schema does not name, a header that is required must
// be there, one that is not named must be HTTP's own, an error says one of the codes that its description lists.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {require} from './packages.mjs';

const {default: Ajv2020} = require('ajv/dist/2020.js');
const {default: addFormats} = require('ajv-formats');
const yaml = require('js-yaml');

const kHttpFields = ['content-type', 'content-length', 'content-encoding', 'connection', 'transfer-encoding', 'strict-transport-security', 'vary'];
const kMethods = ['get', 'post', 'head', 'options', 'put', 'delete', 'patch'];

export const documentFile = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../hil/api/openapi.yaml');
export const readDocument = file => yaml.load(fs.readFileSync(file, 'utf8'), {schema: yaml.CORE_SCHEMA});

const decoded = segment => {
  try {
    return decodeURIComponent(segment).replaceAll('/', '%2F');
  } catch {
    return segment;
  }
};

// A copy in which references lead to the schemas alone, and what is not named is refused.
function strict(node) {
  if (Array.isArray(node)) return node.map(strict);
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, strict(value)]));
  if (typeof copy.$ref === 'string') copy.$ref = copy.$ref.replace('#/components/schemas/', 'contract#/$defs/');
  if (copy.properties && typeof copy.properties === 'object' && copy.additionalProperties === undefined) copy.additionalProperties = false;
  return copy;
}

export class Contract {
  constructor(file) {
    this.tree = readDocument(file);
    this.ajv = new Ajv2020({strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true});
    addFormats(this.ajv);
    this.ajv.addSchema({$id: 'contract', $defs: strict(this.tree.components.schemas)});
    this.validators = new Map();
    this.operations = [];
    for (const [path, item] of Object.entries(this.tree.paths)) {
      const base = (item.servers ?? this.tree.servers)[0].url.replace(/\/$/, '');
      for (const method of kMethods.filter(one => item[one])) this.operations.push(this.#operation(base + path, method, item));
    }
  }

  #operation(path, method, item) {
    const described = item[method];
    const pattern = new RegExp('^' + path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]*') + '$');
    const parameters = [...(item.parameters ?? []), ...(described.parameters ?? [])].map(one => this.resolve(one));
    const body = described.requestBody && this.resolve(described.requestBody);
    const needsKey = (described.security ?? this.tree.security).length > 0;
    return {id: described.operationId, path, method: method.toUpperCase(), pattern, parameters, body, needsKey, scope: described['x-scope'],
            responses: Object.fromEntries(Object.entries(described.responses).map(([status, one]) => [status, this.resolve(one)]))};
  }

  resolve(node) {
    if (!node.$ref) return node;
    return this.resolve(node.$ref.split('/').slice(1).reduce((at, key) => at[key], this.tree));
  }
  operation(id) { return this.operations.find(one => one.id === id); }
  // The operation that answers, or those of the path where it has no such method.
  findAll(method, target) {
    const path = target.split(/[?#]/)[0].split('/').map(decoded).join('/');
    const wanted = method === 'HEAD' ? 'GET' : method;
    const here = this.operations.filter(one => one.pattern.test(path)), exact = here.filter(one => one.method === wanted);
    return exact.length > 0 ? exact : here;
  }
  find(method, target) { return this.findAll(method, target)[0]; }

  // What is wrong with the value by the schema, as sentences.
  faults(schema, value) {
    if (!this.validators.has(schema)) this.validators.set(schema, this.ajv.compile(strict(schema)));
    const valid = this.validators.get(schema);
    return valid(value) ? [] : valid.errors.map(error => (error.instancePath || '/') + ' ' + error.message);
  }
  accepts(name, value) { return this.faults(this.tree.components.schemas[name], value).length === 0; }

  #headerFaults(described, response) {
    const faults = [];
    const named = Object.entries(described.headers ?? {});
    for (const [name, reference] of named) {
      const header = this.resolve(reference), text = response.header(name);
      if (text === undefined) {
        if (header.required) faults.push('the header ' + name + ' is missing');
        continue;
      }
      const value = header.schema.type === 'integer' ? Number(text) : text;
      faults.push(...this.faults(header.schema, value).map(fault => 'header ' + name + ': ' + fault));
    }
    for (const [name] of response.fields) {
      if (!kHttpFields.includes(name) && !named.some(([known]) => known.toLowerCase() === name)) faults.push('the header ' + name + ' is not in the document');
    }
    const seen = response.fields.map(([name]) => name);
    if (new Set(seen).size !== seen.length) faults.push('a header comes twice: ' + seen.join(' '));
    return faults;
  }

  #errorFaults(described, response) {
    const body = JSON.parse(response.text), faults = [];
    if (body.status !== response.status || body.statusCode !== response.status) faults.push('the body says another status');
    if (body.instance !== 'urn:uuid:' + response.header('X-Request-Id')) faults.push('instance is not the X-Request-Id');
    if (body.type !== 'urn:packbench:problem:' + body.code.replaceAll('_', '-')) faults.push('type and code differ');
    if (!described.description.includes('`' + body.code + '`')) faults.push('the code ' + body.code + ' is not in the description of ' + response.status);
    if (response.header('Cache-Control') !== 'no-store') faults.push('an error may be cached');
    return faults;
  }

  #bodyFaults(method, described, response) {
    const type = (response.header('Content-Type') ?? '').split(';')[0];
    if (!described.content) return response.body.length === 0 ? [] : ['there is a body'];
    const content = described.content[type];
    if (!content) return ['the type ' + type + ' is not in the document'];
    if (method === 'HEAD') return response.body.length === 0 ? [] : ['HEAD has a body'];
    if (type === 'application/x-ndjson') return this.#lineFaults(response.text);
    if (!type.endsWith('json')) return this.faults(content.schema, response.text);
    const faults = this.faults(content.schema, JSON.parse(response.text));
    return faults.length === 0 && response.status >= 400 && content.schema.$ref?.endsWith('/Problem') ? this.#errorFaults(described, response) : faults;
  }

  #lineFaults(text) {
    if (text !== '' && !text.endsWith('\n')) return ['the last line has no end'];
    return text.split('\n').slice(0, -1).flatMap(line => this.faults(this.tree.components.schemas.Record, JSON.parse(line)));
  }

  // Every way in which the answer breaks the document.
  judge(method, target, response) {
    const operation = this.find(method, target);
    const described = operation ? operation.responses[response.status] : response.status === 404 ? this.tree.components.responses.NotFound :
        response.status === 400 ? this.tree.components.responses.BadRequest : this.tree.components.responses.TargetTooLong;
    if (!described) return [`${operation.method} ${operation.path} does not document ${response.status}: ${response.text.slice(0, 200)}`];
    return [...this.#headerFaults(described, response), ...this.#bodyFaults(method, described, response)];
  }
}

// Nothing of the inside comes out: no path of a file, no query of the store, no name of a source.
export function assertNothingLeaks(text, secrets) {
  assert.doesNotMatch(text, /sqlite|\bSELECT\b|\bINSERT\b|\.cpp|\/tmp\/|\/dev\/|\/home\/|\/root\//i);
  for (const secret of secrets) assert.ok(!text.includes(secret), 'a key is in what was said');
}
