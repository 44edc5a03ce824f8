import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import type {Exchange} from '../../../scripts/lib/mcp/exchange.ts'
import {isRpcMessage} from '../../../scripts/lib/mcp/jsonRpc.ts'
import {judgeExchange} from '../../../scripts/lib/mcp/judgeExchange.ts'
import {compileSchema} from '../../../scripts/lib/mcp/schemaCheck.ts'

const ok: Exchange = {
  transport: 'ok',
  status: 200,
  headers: {},
  contentType: 'application/json',
  messages: [],
  text: '',
  streamEnded: true,
  bytes: 10,
  ms: 12.5,
}
const judge = (more: Partial<Exchange>, schema?: unknown) =>
  judgeExchange(
    {...ok, ...more},
    {what: 'tools/call echo', id: 3, outputCheck: schema === undefined ? undefined : compileSchema(schema)},
  )
const answered = (result: unknown, more: Partial<Exchange> = {}): Partial<Exchange> => ({
  messages: [{jsonrpc: '2.0', id: 3, result}],
  ...more,
})
const refused = (id: number | null, code = -32603) => [{jsonrpc: '2.0' as const, id, error: {code, message: 'no'}}]
const schema = {type: 'object', properties: {n: {type: 'number'}}, required: ['n']}

const table: [string, ReturnType<typeof judge>, string][] = [
  ['a result', judge(answered({content: []})), 'result'],
  ['isError', judge(answered({isError: true, content: [{type: 'text', text: 'broken'}]})), 'tool-error'],
  ['input_required', judge(answered({resultType: 'input_required'})), 'input-required'],
  ['a result that is no object', judge(answered('yes')), 'bad-result'],
  ['a result that is null', judge(answered(null)), 'bad-result'],
  ['structured content that fits', judge(answered({structuredContent: {n: 1}}), schema), 'result'],
  ['structured content that does not', judge(answered({structuredContent: {n: '1'}}), schema), 'schema-mismatch'],
  ['no structured content', judge(answered({content: []}), schema), 'schema-mismatch'],
  ['a schema that cannot be compiled', judge(answered({structuredContent: {}}), {type: 'nonsense'}), 'schema-broken'],
  ['an error of the tool, with a schema', judge(answered({isError: true}), schema), 'tool-error'],
  ['an error at HTTP 200', judge({messages: refused(3)}), 'rpc-error'],
  ['an error at HTTP 404', judge({status: 404, messages: refused(3, -32601)}), 'rpc-error'],
  ['an error with id null', judge({status: 400, messages: refused(null)}), 'rpc-error'],
  ['an error for another request', judge({messages: refused(4)}), 'no-response'],
  ['a result for another request', judge({messages: [{jsonrpc: '2.0', id: '3', result: {}}]}), 'no-response'],
  ['an empty answer', judge({contentType: undefined, bytes: 0}), 'no-response'],
  ['a page', judge({contentType: 'text/html', text: '<html>'}), 'not-mcp'],
  ['a result of the wrong content type', judge(answered({}, {contentType: 'text/plain'})), 'not-mcp'],
  ['HTTP 500', judge({status: 500, text: 'oops'}), 'http-error'],
  ['a redirect', judge({status: 302, headers: {location: '/x'}}), 'http-error'],
  ['401 with a challenge', judge({status: 401, headers: {'www-authenticate': 'Bearer x="y"'}}), 'auth-required'],
  ['403 with a challenge', judge({status: 403, headers: {'www-authenticate': 'Bearer'}}), 'auth-required'],
  ['401 without a challenge', judge({status: 401}), 'http-error'],
  ['a cut stream', judge({transport: 'closed', streamEnded: false}), 'closed'],
  ['a stream cut after our response', judge(answered({}, {transport: 'closed'})), 'result'],
  ['HTTP 500 that then hangs', judge({status: 500, transport: 'deadline'}), 'http-error'],
  ['a deadline', judge({transport: 'deadline', status: undefined}), 'deadline'],
]

for (const [name, outcome, kind] of table) {
  test(`${name} is ${kind}`, () => {
    assert.equal(outcome.kind, kind, outcome.summary)
    assert.match(outcome.summary, /^tools\/call echo: [^\n]+$/)
    assert.equal(outcome.ms, 12.5)
  })
}

test('a notification is accepted by any 2xx and refused by anything else', () => {
  const notice = (more: Partial<Exchange>) => judgeExchange({...ok, ...more}, {what: 'notifications/initialized'}).kind
  assert.equal(notice({status: 202, contentType: undefined}), 'accepted')
  assert.equal(notice({status: 400, messages: refused(null)}), 'rpc-error')
  assert.equal(notice({status: 404}), 'http-error')
})

test('the summary of a silent answer gives its numbers', () => {
  const {summary} = judge({bytes: 14, sse: {events: 1, empty: 1, comments: 0}})
  assert.equal(
    summary,
    'tools/call echo: HTTP 200, the answer ended after 12.5 ms without a response to request 3 (14 bytes, events: 1, empty: 1)',
  )
})

test('no answer at all makes it throw', () => {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom(3, '2.0', 'input_required', true))
  const message = fc.record(
    {jsonrpc: fc.constant('2.0'), id: field, method: field, result: field, error: field},
    {requiredKeys: ['jsonrpc']},
  )
  fc.assert(
    fc.property(
      fc.array(message),
      fc.integer({min: 100, max: 599}),
      fc.jsonValue(),
      (messages, status, outputSchema) => {
        const outcome = judge({messages: (messages as unknown[]).filter(isRpcMessage), status}, outputSchema ?? {})
        assert.ok(outcome.summary.length > 0)
      },
    ),
  )
})
