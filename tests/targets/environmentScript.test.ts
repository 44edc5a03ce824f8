// The script at a fixed place of an environment: where it goes is a function of the records that the steps keep.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {saveTransition} from '../../scripts/lib/cutover/transitionFile.ts'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {folderRecords} from '../../scripts/lib/records/folderRecords.ts'
import type {LivePointer, ReleaseRecord} from '../../scripts/lib/records/records.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {environmentScript} from '../../scripts/targets/local/rollbackScript.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'

const [a, b, c] = ['a', 'b', 'c'].map(letter => letter.repeat(64)) as [string, string, string]
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`
const verified = (order: number) => ({verified: {run: 'r', at: at(order), order}})
const left = (minute: number, reason?: string) => ({rolledBack: {run: 'r', at: at(minute), reason}})
const failed = (minute: number) => ({
  rolledBack: {run: 'r', at: at(minute), failed: true, reason: 'calls/adds one: "43"'},
})

interface World {
  live?: string
  rolledBackFrom?: string
  releases: Record<string, Partial<ReleaseRecord>>
  /** Which copies run; all of them where it is left out. */
  runs?: 'all' | 'part' | 'none'
  transition?: {purpose: string; from?: string; to?: string}
  gone?: readonly string[]
}

/** An environment on the disk whose releases have a script that only says that it was run. */
async function environment(
  t: TestContext,
  {live, rolledBackFrom, releases, runs = 'all', transition, gone = []}: World,
) {
  const root = temporaryFolder(t)
  const records = folderRecords(root)
  const folder = join(root, 'instances', 'live')
  const child = `${process.pid} ${processStart(process.pid)}\n`
  for (const name of ['ingress', 'copies/one.x', 'copies/two.x']) {
    mkdirSync(join(folder, name), {recursive: true})
    const up = runs === 'all' || (runs === 'part' && name !== 'copies/two.x')
    if (up) writeFileSync(join(folder, name, 'child'), child)
  }
  for (const [release, more] of Object.entries(releases)) {
    // A fleet whose server is named like a member of the record must not be taken for one.
    const fleet = {servers: [{name: 'verified', env: {verified: {at: at(59), order: 99}}}], rolledBack: {at: at(58)}}
    await records.setRelease({
      release,
      fleet: 'harbour',
      servers: {},
      placedAt: at(0),
      rehearsals: [],
      deployed: {fleet: fleet as never, run: 'r', at: at(0)},
      ...more,
    })
    const place = join(root, 'releases', shortDigest(release))
    const write = (name: string, text: string) => {
      mkdirSync(join(place, name, '..'), {recursive: true})
      writeFileSync(join(place, name), text)
    }
    write('rollback.sh', `#!/bin/sh\ndata=$here/rollback/0123456789ab\necho "ran ${release[0]} with: $*"\n`)
    write('runtime/node', '')
    write('ingress.mjs', '')
    write('rollback/0123456789ab/about.sh', `ingress='${folder}/ingress'\n`)
    for (const name of ['one', 'two']) {
      write(`servers/${name}/main.mjs`, '')
      write(`rollback/0123456789ab/servers/${name}/about.sh`, `folder='${folder}/copies/${name}.x'\n`)
    }
  }
  for (const release of gone) rmSync(join(root, 'releases', shortDigest(release)), {recursive: true})
  const pointer: LivePointer | undefined = live === undefined ? undefined : {release: live, since: at(30), run: 'r'}
  if (pointer) await records.setLive(rolledBackFrom === undefined ? pointer : {...pointer, rolledBackFrom})
  const side = (release: string | undefined) => (release === undefined ? undefined : {release, servers: []})
  if (transition)
    await saveTransition(folderDocuments(root), {
      ...transition,
      run: 'r',
      from: side(transition.from),
      to: side(transition.to),
    } as never)
  writeFileSync(join(root, 'rollback.sh'), environmentScript())
  return root
}

const shells = [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(
  ([file = 'sh']) => file === 'sh' || spawnSync(file, ['-c', 'true']).error === undefined,
)

/** Every shell says the same, and none complains. */
function run(root: string, ...given: string[]): {status: number | null; said: string} {
  const ends = shells.map(([file = 'sh', ...first]) => {
    const {status, stdout, stderr} = spawnSync(file, [...first, join(root, 'rollback.sh'), ...given], {
      encoding: 'utf8',
      cwd: '/',
      env: {PATH: '/usr/bin:/bin'},
    })
    assert.equal(stderr, '', file)
    return {status, said: stdout}
  })
  const [first, ...others] = ends
  for (const other of others) assert.deepEqual(other, first)
  assert.ok(first !== undefined)
  return first
}

const deployedTwice = {[a]: verified(1), [b]: verified(2)}

// What a person at three in the morning meets, and where it goes. docs/emergency-rollback.md has the same rows.
const table: {name: string; world: World; goes: string | undefined; says: RegExp}[] = [
  {
    name: 'a verified release is live and bad: the one before it',
    world: {live: b, releases: deployedTwice},
    goes: 'a',
    says: /^release b{12} is live\ngoing back to a{12}, verified 2026-11-20T10:01/,
  },
  {
    name: 'an automatic rollback was there first: the release that it put back stays',
    world: {live: a, rolledBackFrom: b, releases: {[a]: verified(2), [b]: failed(10), [c]: verified(1)}},
    goes: 'a',
    says: /^release a{12} is live: verified .*:02:\S+, put back .*:10:\S+ in place of b{12}\nit stays and is checked now; to go elsewhere: sh .*\/rollback\.sh --list$/m,
  },
  {
    name: 'and with some of its servers dead it is that release all the same',
    world: {live: a, rolledBackFrom: b, runs: 'part', releases: {[a]: verified(1), [b]: left(10)}},
    goes: 'a',
    says: /put back/,
  },
  {
    name: 'nothing of live runs, as after a reboot: it is started again',
    world: {live: b, runs: 'none', releases: deployedTwice},
    goes: 'b',
    says: /nothing of it runs: it is started again/,
  },
  {
    name: 'nothing is live, as after a stop: the last verified release',
    world: {releases: {...deployedTwice, [c]: {...verified(3), ...left(20)}}},
    goes: 'b',
    says: /^nothing is live\ngoing back to b{12}/,
  },
  {
    name: 'the folder of the live release is gone: the last verified other one',
    world: {live: a, rolledBackFrom: b, releases: {[a]: verified(2), [b]: left(10), [c]: verified(1)}, gone: [a]},
    goes: 'c',
    says: /^release a{12} is live and damaged: its folder is gone\ngoing back to c{12}/,
  },
  {
    name: 'the one before is gone: the one before that, and this is said',
    world: {live: c, releases: {...deployedTwice, [c]: verified(3)}, gone: [b]},
    goes: 'a',
    says: /passed over b{12}, verified \S+: its folder is gone\ngoing back to a{12}/,
  },
  {
    name: 'a deploy was killed half way: the release that was live before it',
    world: {
      live: a,
      releases: {[c]: verified(3), [a]: verified(1), [b]: {}},
      transition: {purpose: 'deploy', from: a, to: b},
    },
    goes: 'a',
    says: /^a deploy of b{12} has not ended: going back to a{12}, which was live before$/m,
  },
  {
    name: 'a deploy was found good, and its end was killed: the release before it',
    world: {live: b, releases: deployedTwice, transition: {purpose: 'finish', from: a, to: b}},
    goes: 'a',
    says: /going back to a{12}/,
  },
  {
    name: 'a rollback was killed half way: it goes on',
    world: {live: b, releases: {...deployedTwice, [c]: verified(3)}, transition: {purpose: 'rollback', from: b, to: a}},
    goes: 'a',
    says: /a rollback to a{12} has not ended: going on with it/,
  },
  {
    name: 'the first deploy was killed half way: there is nothing to go back to',
    world: {releases: {[a]: {}}, transition: {purpose: 'deploy', to: a}},
    goes: undefined,
    says: /✗ there is no verified release to go back to; nothing was changed\n→ see what there is: sh .* --list/,
  },
  {
    name: 'a release that was never verified is live: the last verified one',
    world: {live: c, releases: {...deployedTwice, [c]: failed(20)}},
    goes: 'b',
    says: /going back to b{12}/,
  },
  {
    name: 'only one was ever verified, and it runs: nothing is changed',
    world: {live: a, releases: {[a]: verified(1), [b]: failed(2)}},
    goes: undefined,
    says: /^release a{12} is live, and no other is verified\n✗ there is no verified release/,
  },
  {
    name: 'only one was ever verified, and a server of it is dead: it is started again',
    world: {live: a, runs: 'part', releases: {[a]: verified(1), [b]: failed(2)}},
    goes: 'a',
    says: /what does not run of it is started again/,
  },
  {
    name: 'records of earlier versions have no order: their times count',
    world: {
      live: c,
      releases: {[a]: {verified: {run: 'r', at: at(5)}}, [b]: {verified: {run: 'r', at: at(4)}}, [c]: verified(1)},
    },
    goes: 'a',
    says: /going back to a{12}/,
  },
]

for (const {name, world, goes, says} of table)
  test(`X11 rollback.sh without arguments: ${name}`, async t => {
    const root = await environment(t, world)
    const {status, said} = run(root)
    assert.match(said, says)
    assert.equal(/^ran (.)/m.exec(said)?.[1], goes, said)
    assert.equal(status, goes === undefined ? 2 : 0)
    const listed = run(root, '--list').said
    if (goes !== undefined && !world.gone?.length) assert.ok(listed.includes(said.split('\n')[0] ?? '?'), listed)
  })

test('X11 rollback.sh --list shows what became of every release, what happened last first', async t => {
  const root = await environment(t, {
    live: a,
    rolledBackFrom: b,
    releases: {[a]: verified(1), [b]: failed(20), [c]: {...verified(2), ...left(9, 'rollback.sh went back')}},
  })
  const {status, said} = run(root, '--list')
  assert.equal(status, 0)
  const lines = said.split('\n')
  assert.deepEqual(lines.slice(0, 3), [
    `  ${'b'.repeat(12)}  deployed ${at(0)}, never verified · failed ${at(20)}: calls/adds one: "43"`,
    `  ${'c'.repeat(12)}  verified ${at(2)} · rolled back ${at(9)}: rollback.sh went back`,
    `→ ${'a'.repeat(12)}  live since ${at(30)} · verified ${at(1)}`,
  ])
  assert.deepEqual(lines.slice(3, 5), ['', `sh ${root}/rollback.sh would do this now:`])
})

test('X11 rollback.sh DIGEST goes to a good release, and to one that failed or was rolled back with --force only', async t => {
  const root = await environment(t, {live: b, releases: {[a]: verified(1), [b]: verified(2), [c]: failed(9)}})
  assert.match(run(root, 'aaaa', '--break-lock').said, /^ran a with: --break-lock$/m)
  const refused = run(root, 'ccc')
  assert.equal(refused.status, 2)
  assert.match(
    refused.said,
    /^✗ release c{12}: deployed .*, never verified · failed .*\n→ .*: sh \S+\/rollback\.sh c{12} --force\n$/,
  )
  assert.match(run(root, 'ccc', '--force').said, /^ran c with: $/m)
  assert.match(run(root, 'bb').said, /^ran b/m, 'what is live is only checked and started again')
  assert.match(run(root, 'dddd').said, /^✗ there is no release dddd here\n→ see which there are: sh \S+ --list/)
  assert.match(run(root, 'aaaa', 'bbbb').said, /two releases are named/)
  for (const wrong of ['--lst', 'A', '']) {
    const {status, said} = run(root, wrong)
    assert.equal(status, 2)
    assert.match(said, /is not an option, nor the digest of a release\nusage: sh/)
  }
})

test('X14 rollback.sh passes over a record that is not whole, and still goes to a good release', async t => {
  const root = await environment(t, {live: c, releases: {...deployedTwice, [c]: verified(3)}})
  for (const text of [
    '',
    '{\n  "release": "',
    'garbage',
    '{\n  "release": "$(id)",\n  "verified": {\n    "order": 9\n  }\n}\n',
  ])
    for (const name of [`${b}.json`, 'zz.json']) {
      writeFileSync(join(root, 'records', name), text)
      const {said} = run(root)
      assert.match(said, /^ran a/m, said)
    }
})
