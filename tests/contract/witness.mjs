// Holds every answer against the document, and remembers which statuses of which operations it saw.
import assert from 'node:assert/strict';
import {curl} from './connection.mjs';
import {assertNothingLeaks} from './document.mjs';

export class Witness {
  // secrets: what no answer may hold.
  constructor(contract, origin, secrets) {
    this.contract = contract;
    this.origin = origin;
    this.secrets = secrets;
    this.seen = new Set();
    this.answers = 0;
    this.talk = [];  // what was asked, as lines of curl
  }

  async ask(connection, request, expected) {
    this.talk.push(curl(this.origin, request).slice(0, 2000));
    return this.check(request, await connection.ask(request), expected);
  }
  // Throws with a line of curl that shows it again.
  check(request, answer, expected = {}) {
    ++this.answers;
    const operations = this.contract.findAll(request.method, request.target);
    for (const operation of operations) this.seen.add(operation.id + ' ' + answer.status);
    const said = () => `${curl(this.origin, request).slice(0, 4000)}\n${answer.status} ${answer.text.slice(0, 1000)}`;
    assert.ok(answer.status < 500 || expected.status === answer.status, 'the server failed\n' + said());
    if (expected.status) assert.equal(answer.status, expected.status, said());
    if (expected.code) assert.equal(answer.json.code, expected.code, said());
    assert.deepEqual(this.contract.judge(request.method, request.target, answer), [], said());
    if (operations[0]?.id !== 'getContract') assertNothingLeaks(answer.text, this.secrets);
    return answer;
  }

  // The statuses that the document has and nobody saw, as "operation status".
  unseen() {
    return this.contract.operations.flatMap(one => Object.keys(one.responses).map(status => one.id + ' ' + status)).filter(one => !this.seen.has(one));
  }
}
