// A good fleet through the whole pipeline: what is done, written and said, in each form of the terminal.
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {pipelines} from '../../pipelines/pipelines.ts'
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {entriesOf, fact, stepEnds} from '../../scripts/lib/journal/facts.ts'
import {phasesOf} from '../../scripts/phases/index.ts'
import {filesWith} from '../filesWith.ts'
import {parseXml} from '../reporters/parseXml.ts'
import {healthy, makeRig} from '../rig.ts'
import {allProcesses} from '../rigProcesses.ts'

// Nobody is to be told of a rig's runs.
const steps = [...pipelines.staging.steps, ...pipelines.staging.always]
  .filter(one => !('tells' in one))
  .map(({step}) => step)

test('A8 A9 B8 B10 X1 a good fleet: exit 0, READY, every step in order, a whole journal, every report', async context => {
  const rig = await makeRig(context, {
    servers: {one: healthy, two: {...healthy, after: ['one']}, off: {...healthy, client: {enabled: false}}},
  })
  const ended = await rig.staging()
  assert.equal(ended.code, 0, ended.said)
  assert.match(ended.stdout, /✓ READY \(pass\)/)
  assert.match(ended.stdout, /live unchanged/)
  // Not a terminal: plain lines, nothing that moves the cursor or colours.
  assert.equal(ended.said.includes('\u001b'), false)

  const entries = rig.journal()
  const [began] = entriesOf(entries, 'run')
  assert.deepEqual([began?.pipeline, began?.environment, began?.fleet], ['staging', 'staging', 'rig'])
  assert.deepEqual(began?.steps, steps)
  for (const state of ['started', 'finished']) {
    const inOrder = entriesOf(entries, 'step').filter(entry => entry.state === state)
    assert.deepEqual(
      inOrder.map(entry => entry.step),
      steps,
    )
  }
  for (const {verdict, exitCode, step} of stepEnds(entries).values())
    assert.deepEqual([step, verdict, exitCode], [step, 'pass', 0])
  const bad = rig.checks().filter(({verdict}) => verdict !== 'pass' && verdict !== 'skip')
  assert.deepEqual(bad, [])
  for (const server of ['one', 'two'])
    for (const check of ['deploy/ready', 'health/ladder-through-ingress', 'tools/listed', 'calls/echoes'])
      assert.equal(rig.verdict(check, server), 'pass', `${check} ${server}`)
  assert.equal(rig.verdict('rehearsal/live-unchanged'), 'pass')
  assert.equal(rig.verdict('deploy/ready', 'off'), undefined, 'a server that is not enabled is not started')
  assertCommandsAreWhole(entries)
  assertStartOrder(entries)

  assert.match(rig.report('report.md'), /\*\*READY\.\*\*/)
  assert.match(rig.report('report.md'), /Sign-off/)
  // What this quick run did not do, it says in its reports.
  for (const {title} of await phasesOf(['truth', 'leak']))
    for (const report of ['report.md', 'report.html', 'report.json'])
      assert.match(rig.report(report), new RegExp(`${title}[\\s\\S]{0,200}left out by --quick`), report)
  assert.match(rig.report('report.html'), /<html/)
  assert.equal(typeof JSON.parse(rig.report('report.json')), 'object')
  assert.ok(parseXml(rig.report('junit.xml')))
  assert.equal(JSON.parse(rig.report('plan.json')).sha256, fact<{sha256: string}>(entries, 'plan')?.sha256)

  // The environment remembers the rehearsal, and nothing is live.
  const [record] = readdirSync(join(rig.root, 'records')).filter(name => name.endsWith('.json'))
  const kept = JSON.parse(readFileSync(join(rig.root, 'records', record ?? ''), 'utf8'))
  assert.deepEqual(
    kept.rehearsals.map(({run, verdict}: {run: string; verdict: string}) => [run, verdict]),
    [[rig.runs()[0], 'pass']],
  )
  assert.deepEqual(Object.keys(kept.contracts), ['one', 'two'])
  assert.equal(existsSync(join(rig.root, 'live.json')), false)

  // Nothing changed, so nothing is built again, and the release is the same.
  const again = await rig.step('20-build')
  assert.equal(again.code, 0, again.said)
  assert.match(again.stdout, /nothing built/)
  assert.equal(fact<{digest: string}>(rig.journal(), 'release')?.digest, kept.release)
})

// Intent before the action, the result after it: every change that was announced has its end.
function assertCommandsAreWhole(entries: Entry[]): void {
  const changes = entriesOf(entries, 'command').filter(command => !command.readOnly)
  const ids = (state: string) => changes.filter(command => command.state === state).map(command => command.id)
  assert.ok(ids('started').length >= 6, 'two servers and an ingress were started and stopped')
  assert.deepEqual(ids('started').sort(), ids('finished').sort())
}

function assertStartOrder(entries: Entry[]): void {
  const ready = entries.findIndex(entry => entry.type === 'check' && entry.server === 'one')
  const next = entries.findIndex(entry => entry.type === 'command' && entry.why.includes('start two'))
  assert.ok(ready >= 0 && next > ready, 'two waits until one is ready')
}

test('A8 a secret is in no journal, report or output, and in no command line, though its server tells it everywhere', async context => {
  const secret = 'correct-horse-battery-staple'
  const leaky = {
    fixture: 'leaks',
    secrets: {TOKEN: {}},
    auth: {bearer: 'TOKEN'},
    probe: {tool: 'echo', arguments: {message: 'ahoy'}},
  }
  const rig = await makeRig(context, {
    servers: {
      closed: {...healthy, fixture: 'needs-auth', secrets: {TOKEN: {}}, auth: {bearer: 'TOKEN'}},
      leaky: {...leaky, calls: [{name: 'answers', tool: 'echo', arguments: {message: 'ahoy'}, expect: {text: 'ahoy'}}]},
    },
  })
  const seen = new Set<string>()
  const timer = setInterval(() => {
    for (const {argv} of allProcesses()) seen.add(argv)
  }, 20)
  const ended = await rig.staging([], {env: {TOKEN: secret, GITHUB_ACTIONS: 'true'}})
  clearInterval(timer)
  assert.equal(ended.code, 1, ended.said)
  assert.equal(rig.verdict('calls/echoes', 'closed'), 'pass')
  for (const check of ['security/log', 'security/answers']) {
    assert.equal(rig.verdict(check, 'closed'), 'pass')
    assert.equal(rig.verdict(check, 'leaky'), 'fail')
  }
  const answer = rig.checks().find(one => one.check === 'calls/answers')
  assert.match(answer?.evidence ?? '', /\[secret TOKEN\]/)
  assert.ok([...seen].some(argv => argv.includes('needs-auth.mjs')))
  assert.deepEqual(
    [...seen].filter(argv => argv.includes(secret)),
    [],
  )
  assert.equal(ended.said.includes(secret), false)
  assert.deepEqual(filesWith(rig.folder, secret), [])
})

test('A8 the log lines of a server that does not start are shown without the secret that it wrote there', async context => {
  const secret = 'correct-horse-battery-staple'
  const rig = await makeRig(context, {
    servers: {leaky: {fixture: 'leaks', env: {ENDS: '1'}, secrets: {TOKEN: {}}, probe: healthy.probe}},
  })
  const ended = await rig.staging([], {env: {TOKEN: secret}})
  assert.equal(ended.code, 1, ended.said)
  assert.match(ended.stdout, /its log ends:\n\s*started with \[secret TOKEN\]/)
  assert.equal(ended.said.includes(secret), false)
  assert.deepEqual(filesWith(rig.folder, secret), [])
})

test('--json prints one JSON object a line and nothing else', async context => {
  const rig = await makeRig(context, {servers: {good: healthy, broken: {fixture: 'exits-at-once'}}})
  const ended = await rig.staging(['--json'])
  assert.equal(ended.code, 1, ended.said)
  const lines = ended.stdout.trimEnd().split('\n')
  const objects = lines.map(line => JSON.parse(line))
  assert.ok(objects.every(one => typeof one === 'object' && one !== null && !Array.isArray(one)))
  assert.equal(ended.stderr, '')
  const checks = objects.filter(one => one.type === 'check').map(one => one.check)
  assert.deepEqual(
    checks,
    rig.checks().map(one => one.check),
  )
})
