import assert from 'node:assert/strict'
import {test} from 'node:test'
import {faultText, transportFault} from '../../../scripts/lib/mcp/transportFault.ts'

const error = (code: string, message = code) => Object.assign(new Error(message), {code})

// The faults that a test on one machine cannot cause; the others are seen for real in exchange.test.ts.
for (const [code, transport] of [
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['ESOMETHINGELSE', 'failed'],
] as const) {
  test(`${code} is ${transport}`, () => assert.equal(transportFault(error(code)), transport))
}

test('the words of an error with several causes are theirs', () => {
  const both = new AggregateError([new Error('connect ECONNREFUSED ::1'), new Error('connect ECONNREFUSED 127.0.0.1')])
  assert.equal(faultText(both), 'connect ECONNREFUSED ::1; connect ECONNREFUSED 127.0.0.1')
})
