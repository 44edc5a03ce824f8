// What is live stays as it is during a rehearsal, whatever the rehearsal does; and whoever changes it meanwhile is found.

import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, type TestContext, test} from 'node:test'
import {endInstance} from '../../scripts/lib/instance/endInstance.ts'
import {readInstance} from '../../scripts/lib/instance/savedInstance.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../scripts/lib/records/folderRecords.ts'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import {createShell} from '../../scripts/lib/target/shell.ts'
import {local} from '../../scripts/targets/local.ts'
import {healthy, makeRig, type Rig} from '../rig.ts'

const stateful = (name: string, state: object) => ({
  ...healthy,
  env: {STATE: '{state}'},
  state: {paths: ['.'], seed: `seeds/${name}`, ...state},
})

async function liveRig(context: TestContext) {
  const [port = 0] = await freePorts(1)
  const limits = {startupSeconds: 15, steadySeconds: 0.3, healthMs: 8000, stopSeconds: 1, memoryMegabytes: 500}
  const rig = await makeRig(context, {
    servers: {copied: stateful('copied', {}), emptied: stateful('emptied', {rehearsal: 'empty'})},
    fleet: {environments: {staging: {target: 'local', ingress: {port}, limits, client: {timeoutMs: 8000}}}},
  })
  for (const name of ['copied', 'emptied']) {
    mkdirSync(join(rig.folder, 'seeds', name), {recursive: true})
    writeFileSync(join(rig.folder, 'seeds', name, 'seed.txt'), 'from the seed')
  }
  rig.before(async () => {
    const live = await readInstance(folderDocuments(rig.root), rig.root, 'live')
    const signal = new AbortController().signal
    if (live) await endInstance(live, local, createShell({record: () => undefined, signal, secrets: {}}))
  })
  return rig
}

const stateOf = (rig: Rig, instance: string, server: string, file: string) =>
  join(rig.root, 'instances', instance, 'state', server, file)

describe('live', () => {
  test('X1 a rehearsal begins with the seed, with a copy of the live state or with nothing, and leaves live alone', async context => {
    const rig = await liveRig(context)
    await rig.good('20-build')

    // Nothing is live: both begin with their seed.
    await rig.good('60-deploy')
    const [unlike = ''] = rig.runs()
    for (const server of ['copied', 'emptied'])
      assert.equal(readFileSync(stateOf(rig, `rehearsal-${unlike}`, server, 'seed.txt'), 'utf8'), 'from the seed')
    await rig.good('99-cleanup', ['--run', unlike])

    await rig.good('60-deploy', ['--apply', '--override', 'a test needs something live'])
    for (const server of ['copied', 'emptied']) writeFileSync(stateOf(rig, 'live', server, 'grown.txt'), 'in live')
    const before = processesOf(rig)

    const ended = await rig.staging()
    assert.equal(ended.code, 0, ended.said)
    assert.match(ended.stdout, /✓ rehearsal\/live-unchanged: \d+ parts of live have the same fingerprint as before/)
    assert.deepEqual(processesOf(rig), before)
    assert.match(ended.stdout, /nothing to do: .* is live already/)

    await rig.good('60-deploy')
    const [run = ''] = rig.runs()
    const twin = `rehearsal-${run}`
    assert.equal(readFileSync(stateOf(rig, twin, 'copied', 'grown.txt'), 'utf8'), 'in live')
    assert.equal(existsSync(stateOf(rig, twin, 'emptied', 'grown.txt')), false)
    assert.equal(existsSync(stateOf(rig, twin, 'emptied', 'seed.txt')), false)
    // What the twin writes is its own.
    writeFileSync(stateOf(rig, twin, 'copied', 'grown.txt'), 'in the twin')
    await rig.good('99-cleanup', ['--run', run])
    assert.equal(readFileSync(stateOf(rig, 'live', 'copied', 'grown.txt'), 'utf8'), 'in live')
    assert.equal(rig.verdict('rehearsal/live-unchanged', undefined, run), 'pass')
  })

  test('X1 a change of live during a rehearsal fails rehearsal/live-unchanged and is named', async context => {
    const rig = await liveRig(context)
    await rig.good('20-build')
    await rig.good('60-deploy', ['--apply', '--override', 'a test needs something live'])
    const records = folderRecords(rig.root)
    const changes: [string, () => Promise<void> | void, RegExp][] = [
      [
        'the pointer is written again',
        () => records.setLive({release: 'f'.repeat(64), since: new Date().toISOString(), run: 'somebody-else'}),
        /pointer: .* → .*ffff/,
      ],
      [
        'a file of the state is changed in place',
        () => writeFileSync(stateOf(rig, 'live', 'copied', 'seed.txt'), 'from the weed'),
        /state copied: [0-9a-f]+ → [0-9a-f]+/,
      ],
      ['a process is restarted', () => restart(rig), /process \w+: \S+ → \S+/],
    ]
    for (const [what, change, says] of changes) {
      await rig.good('60-deploy')
      const [run = ''] = rig.runs()
      await change()
      const ended = await rig.step('99-cleanup', ['--run', run])
      assert.equal(ended.code, 1, `${what}: ${ended.said}`)
      assert.equal(rig.verdict('rehearsal/live-unchanged', undefined, run), 'fail', what)
      assert.match(ended.stdout, /✗ rehearsal\/live-unchanged: live is not as it was before: /)
      assert.match(ended.stdout, says, what)
      assert.match(ended.stdout, /→ find who changed live during the rehearsal/)
      const differences = rig.checks(run).find(one => one.check === 'rehearsal/live-unchanged')?.value
      assert.equal(differences, 1, `${what}: nothing else differs`)
    }
  })
})

// Without those by which the watch of a server's memory paces its looks: each is over in five seconds.
function processesOf(rig: Rig): number[] {
  return rig.processes().flatMap(({pid, argv}) => (argv === 'sleep 5' ? [] : [pid]))
}

// Its supervisor starts it again at once, as another process.
async function restart(rig: Rig): Promise<void> {
  const live = await readInstance(folderDocuments(rig.root), rig.root, 'live')
  const folder = live?.servers.find(server => server.name === 'copied')?.folder ?? ''
  const child = () => readFileSync(join(folder, 'child'), 'utf8')
  const before = child()
  process.kill(Number(before.split(' ')[0]), 'SIGKILL')
  await rig.until('the supervisor started it again', () => existsSync(join(folder, 'child')) && child() !== before)
}
