// C11: secrets in logs and answers are found in every form, and none of them is written down.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {Entry} from '../../../scripts/lib/journal/entry.ts'
import {looked, notPassed} from './looked.ts'

const secret = 'correct-horse-battery'
// Put together here, so that no scanner takes this file for a leak.
const token = `${'gh'}p_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx`
// Its own code must not hold what its log is to tell.
const saying = (text: string) =>
  `console.log('first line')\nconsole.log(Buffer.from('${Buffer.from(text).toString('hex')}', 'hex').toString())\nserve()`
const common = {environment: {TOKEN: secret}, secrets: {TOKEN: secret}}

for (const [name, said, what] of [
  ['as it is', `token ${secret}`, 'the secret TOKEN'],
  ['in base64', `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`, 'the secret TOKEN'],
  ['a credential that nobody declared', `got ${token}`, 'something in the form of GITHUB_TOKEN'],
] as const) {
  test(`C11 a log that tells a secret fails: ${name}`, async t => {
    const seen = await looked(t, {
      ...common,
      program: saying(said),
    })
    assert.deepEqual(notPassed(seen), ['log'])
    assert.equal(seen.checks.log?.detail, `tells ${what} in the log, line 2 of what was read`)
    for (const value of [secret, token, said]) assert.ok(!seen.written.includes(value))
  })
}

const env = 'process.env.TOKEN'
for (const [name, program, of, settings] of [
  [
    'the answer of a call',
    `serve({call: name => name === 'echo' ? ({content: [{type: 'text', text: ${env}}], structuredContent: {message: ${env}}}) : {isError: true, content: []}})`,
    'tools/call echo',
    {probe: {tool: 'echo', arguments: {message: 'x'}}},
  ],
  ['a description', `tools[0].description = 'Adds with ' + ${env}\nserve()`, 'tools/list', {}],
  [
    'an error',
    `serve({call: name => { if (name.startsWith('seaworthy')) return {isError: true, content: [{type: 'text', text: 'at ' + ${env}}]} }})`,
    'the refusal of an unknown tool',
    {},
  ],
  [
    'its metrics',
    `serve({first: (message, request, response) => request.url === '/metrics' && (response.end('key{v="' + ${env} + '"} 1'), true)})`,
    'GET /metrics',
    {metrics: '/metrics'},
  ],
] as const) {
  test(`C11 a secret in ${name} fails, and is told by its name`, async t => {
    const {checks, written} = await looked(t, {...common, program, settings})
    assert.equal(checks.answers?.verdict, 'fail')
    assert.equal(checks.answers?.detail, `tells the secret TOKEN in ${of}`)
    assert.doesNotMatch(written, new RegExp(secret))
  })
}

test('C11 a secret that the journal took out of the answer to a declared call is found by its mark', async t => {
  const outcome = {
    kind: 'result',
    summary: 'ok',
    ms: 1,
    result: {content: [{type: 'text', text: 'x [secret TOKEN of the rehearsal]'}]},
  }
  const value = {calls: [{title: 'reads it', tool: 'read', arguments: {note: '[secret OTHER]'}, outcome}]}
  const entries = [{type: 'fact', at: '', name: 'observed.calls.one', value}] as Entry[]
  const {checks} = await looked(t, {...common, entries})
  assert.equal(checks.answers?.detail, 'tells the secret TOKEN in the call "reads it"')
})

test('C11 a server that cannot be opened is inconclusive, not good', async t => {
  const {checks} = await looked(t, {
    program: 'serve({first: (message, request, response) => message && (response.writeHead(500).end(), true)})',
  })
  assert.deepEqual([checks.answers?.verdict, checks.descriptions?.verdict], ['inconclusive', 'inconclusive'])
})
