// C11: what a program can check in the fleet file alone, and no credential that it finds is written down.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {configuration} from '../../scripts/phases/configuration.ts'
import type {PhaseContext} from '../../scripts/phases/phase.ts'
import {settingsOf} from './phaseRig.ts'

async function verdicts(declared: Record<string, unknown>) {
  const part = configuration.server
  assert.ok(part)
  const settings = settingsOf(declared)
  const seen = await part.observe({declared: () => declared} as unknown as PhaseContext, {name: 'one'} as never)
  const checks = part.judge(seen, settings)
  return {seen: JSON.stringify(seen), checks: Object.fromEntries(checks.map(check => [check.name, check]))}
}

test('C11 a server with a probe, a limit of memory, and nothing fixed passes', async () => {
  const {checks} = await verdicts({
    probe: {tool: 'echo'},
    limits: {memoryMegabytes: 100},
    env: {API_KEY_FILE: '', TOKEN: '${TOKEN:-x}', URL: '${URL:-http://127.0.0.1:1}', LOG: 'info'},
    calls: [{tool: 'fetch', arguments: {url: 'https://example.org'}}],
  })
  assert.deepEqual(
    Object.values(checks).map(({name, verdict}) => [name, verdict]),
    [
      ['probe', 'pass'],
      ['limits', 'pass'],
      ['no-credential', 'pass'],
      ['no-fixed-address', 'pass'],
    ],
  )
})

test('C11 a server without a probe and without a limit of memory fails', async () => {
  const {checks} = await verdicts({health: '/ping'})
  assert.deepEqual([checks.probe?.verdict, checks.limits?.verdict], ['fail', 'fail'])
  assert.match(checks.probe?.detail ?? '', /health rests on \/ping and tools\/list/)
})

for (const [at, env] of Object.entries({
  'env.API_KEY': {API_KEY: 'correct horse'},
  'env.GITHUB': {GITHUB: `ghp_${'a'.repeat(36)}`},
  'env.DATABASE': {DATABASE: 'postgres://user:correct horse@db.example.org/x'.replace(' ', '-')},
  'env.DB_PASSWORD': {DB_PASSWORD: 'x'},
})) {
  test(`C11 ${at} is a credential: its place is told, its value stands nowhere`, async () => {
    const {seen, checks} = await verdicts({env})
    assert.equal(checks['no-credential']?.verdict, 'fail')
    assert.equal(checks['no-credential']?.detail, `looks like a credential: ${at}`)
    const [value = ''] = Object.values(env)
    for (const text of [seen, JSON.stringify(checks)]) assert.ok(value.length < 5 || !text.includes(value))
  })
}

test('C11 an address that is written into the file is told with its place', async () => {
  const {checks} = await verdicts({env: {URL: 'http://10.0.0.5:6333'}})
  assert.equal(checks['no-fixed-address']?.verdict, 'fail')
  assert.equal(checks['no-fixed-address']?.detail, 'fixed in the fleet file: env.URL: http://10.0.0.5:6333')
  assert.match(checks['no-fixed-address']?.remedy ?? '', /write \$\{NAME:-http:\/\/10\.0\.0\.5:6333\}/)
})
