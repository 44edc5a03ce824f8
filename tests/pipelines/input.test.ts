// Bad input to a run: each is told with its place and what to do, with exit code 2, and nothing is started.
import assert from 'node:assert/strict'
import {readdirSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import {healthy, makeRig, type Rig} from '../rig.ts'

describe('bad input', {concurrency: 3}, () => {
  test('no fleet.yaml', async context => {
    const rig = await makeRig(context, {text: null})
    const {code, said} = await rig.staging()
    refused(rig, code, said)
    assert.match(said, /fleet\.yaml: there should be a fleet file, there is none\n→ copy templates\/fleet\.yaml/)
  })

  test('a fleet.yaml that is not YAML', async context => {
    const rig = await makeRig(context, {text: 'fleet: [rig\nservers: {'})
    const {code, said} = await rig.staging()
    refused(rig, code, said)
    assert.match(said, /fleet\.yaml:\d+:\d+: is not YAML: .+\n→ fix the YAML/s)
  })

  test('several faults: all at once, each at its place', async context => {
    const rig = await makeRig(context, {
      text: [
        'fleet: rig',
        'servers:',
        '  good: {source: {folder: servers/good}, comand: [healthy.mjs], port: 80a, after: [gone]}',
        'environments:',
        '  staging: {target: local, ingress: {port: 18700}, root2: x}',
      ].join('\n'),
    })
    const {code, said} = await rig.staging()
    refused(rig, code, said)
    assert.match(said, /fleet\.yaml:3:\d+ servers\.good\.port: should be a number, got "80a"/)
    assert.match(said, /fleet\.yaml:3:\d+ servers\.good\.comand: is not a known key\n +→ did you mean "command"\?/)
    assert.match(said, /fleet\.yaml:5:\d+ environments\.staging\.root2: is not a known key\n +→ did you mean "root"\?/)
    assert.match(said, /[345] faults in the configuration; nothing was started/)
  })

  test('names that are not known: target, port twice, server in after', async context => {
    const bad = {target: 'locl', ingress: {port: 18_700}}
    const rig = await makeRig(context, {
      servers: {good: {...healthy, port: 18_700, after: ['god']}},
      fleet: {environments: {staging: bad}},
    })
    const {code, said} = await rig.staging()
    refused(rig, code, said)
    assert.match(said, /environments\.staging\.target: is no target: locl\n +→ did you mean "local"\?/)
    assert.match(said, /is 18700, which environments\.staging\.ingress\.port has already/)
    assert.match(said, /is no server: god\n +→ did you mean "good"\? known: good/)
  })

  test('an unknown environment, pipeline, flag, phase or server, and words that would be ignored', async context => {
    const rig = await makeRig(context)
    const of = ['--fleet', rig.fleetPath]
    const cases: [string, string[], RegExp][] = [
      ['pipelines/run.ts', ['stagin', ...of], /there is no pipeline stagin\n→ did you mean "staging"\? known: /],
      ['pipelines/run.ts', ['toString', ...of], /there is no pipeline toString/],
      ['pipelines/run.ts', of, /name a pipeline\n→ known: .*staging/],
      ['pipelines/run.ts', ['staging', 'now', ...of], /one pipeline at a time, got now as well/],
      [
        'pipelines/run.ts',
        ['staging', '--server', 'good', ...of],
        /--server: a pipeline runs every step on the whole fleet/,
      ],
      ['pipelines/run.ts', ['staging', '--evn', 'x', ...of], /--evn is no flag of this command\n→ .*known: --env/],
      ['scripts/80-verify.ts', ['--phase', 'helth', ...of], /there is no phase helth\n→ did you mean "health"\?/],
      ['scripts/70-health.ts', ['--server', 'god', ...of], /the fleet has no server god\n→ known: good/],
    ]
    const ended = await Promise.all(cases.map(async ([program, words]) => rig.start(program, words).ended))
    for (const [index, {code, said}] of ended.entries()) {
      assert.equal(code, 2, said)
      assert.match(said, cases[index]?.[2] ?? /never/)
      assert.doesNotMatch(said, stack)
    }
    const {code, said} = await rig.start('pipelines/run.ts', ['staging', '--env', 'stagng', ...of]).ended
    assert.equal(code, 2, said)
    assert.match(said, /environments: .*no environment:? stagng\n *→ did you mean "staging"\? known: staging/)
    const help = await rig.start('pipelines/run.ts', ['staging', '--help', ...of]).ended
    assert.deepEqual([help.code, help.stderr], [0, ''])
    assert.match(help.stdout, /--env NAME/)
  })

  test('a required secret that is not set, and one that is too short to be kept out of logs', async context => {
    const closed = {...healthy, fixture: 'needs-auth', secrets: {TOKEN: {}}, auth: {bearer: 'TOKEN'}}
    const rig = await makeRig(context, {servers: {closed}})
    const missing = await rig.staging()
    refused(rig, missing.code, missing.said)
    assert.match(
      missing.stdout,
      /! preflight\/secrets: TOKEN is not set \(closed\)\n +→ export it, or write it into \.env\.staging/,
    )
    writeFileSync(join(rig.folder, '.env.staging'), 'TOKEN=short\n')
    const short = await rig.step('10-preflight')
    assert.equal(short.code, 2)
    assert.match(short.stdout, /TOKEN is shorter than 8 characters/)
    writeFileSync(join(rig.folder, '.env.staging'), 'TOKEN=long-enough-for-anybody\n')
    const good = await rig.step('10-preflight')
    assert.equal(good.code, 0, good.said)
    assert.doesNotMatch(good.said, /long-enough/)
  })

  test('a tool that is not on the machine', async context => {
    const rig = await makeRig(context)
    const {code, said} = await rig.staging([], {env: {PATH: join(rig.folder, 'no-tools')}})
    refused(rig, code, said)
    assert.match(said, /! preflight\/tools: not on this machine: .*ps \(measures memory\).*\n +→ install them/)
  })

  test('a package without a lock: the build says which, and what writes it', async context => {
    const source = {npm: 'not-published-anywhere@1.0.0'}
    const rig = await makeRig(context, {servers: {pkg: {...healthy, source, command: ['x']}}})
    const {code, said} = await rig.staging()
    refused(rig, code, said)
    assert.match(said, /servers\.pkg\.source\.npm: not-published-anywhere@1\.0\.0 is not locked yet\n→ pnpm fleet:lock/)
  })

  test('a live port that something else has: told; it only matters to a change of live', async context => {
    const [port = 0] = await freePorts(1)
    const rig = await makeRig(context, {fleet: {environments: {staging: {target: 'local', ingress: {port}}}}})
    const taken = createServer().listen(port, '127.0.0.1')
    try {
      const rehearses = await rig.step('10-preflight')
      assert.equal(rehearses.code, 0, rehearses.said)
      assert.match(
        rehearses.stdout,
        new RegExp(`something else listens on ${port}; a rehearsal takes ports of its own`),
      )
      const applies = await rig.step('10-preflight', ['--apply'])
      assert.equal(applies.code, 2, applies.said)
      assert.match(
        applies.stdout,
        new RegExp(`! preflight/ports: something else listens on ${port}\\n +→ end what listens there`),
      )
    } finally {
      taken.close()
    }
  })
})

const stack = /^ +at /m

function refused(rig: Rig, code: number | null, said: string): void {
  assert.equal(code, 2, said)
  assert.doesNotMatch(said, stack)
  assert.match(said, /NOT READY \(error\)/)
  assert.deepEqual(
    entriesOf(rig.journal(), 'command').filter(({readOnly}) => !readOnly),
    [],
    'no command was run that changes anything',
  )
  assert.ok(readdirSync(join(rig.folder, '.runs', rig.runs()[0] ?? '')).includes('report.html'))
}
