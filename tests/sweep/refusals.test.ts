// What a deploy and a rollback refuse, each before anything of live is touched.
import assert from 'node:assert/strict'
import {appendFileSync, mkdirSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {folderRecords} from '../../scripts/lib/records/folderRecords.ts'
import type {ReleaseRecord} from '../../scripts/lib/records/records.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {ask} from './ask.ts'
import {editionA, editionB, makeLiveRig} from './liveRig.ts'

test('X12 B8 a deploy is refused without a rehearsal or on drift, a rollback without a whole, verified, other release', async t => {
  const rig = await makeLiveRig(t)
  const refused = async (step: string, flags: readonly string[], message: RegExp) => {
    const before = JSON.stringify([rig.pointer(), rig.routes(), rig.instance()])
    const ended = await rig.step(step, flags)
    assert.equal(ended.code, 2, ended.said)
    assert.match(ended.stderr, message)
    assert.match(ended.stderr, /→ /, 'it says what to do')
    assert.equal(JSON.stringify([rig.pointer(), rig.routes(), rig.instance()]), before)
    assert.deepEqual([rig.transition(), rig.lock()?.run], [undefined, step === '60-deploy' ? flags[1] : undefined])
  }
  const deployed = async (run: string) => {
    await rig.good('60-deploy', ['--run', run, '--apply', '--override', 'it is only a test'])
    return rig.pointer()?.release ?? ''
  }
  await refused('90-rollback', [], /nothing is live/)

  const first = await rig.plan(editionA)
  const tried = rig.beginLike(first, '20200101-000000-staging-beef')
  await refused('60-deploy', ['--run', tried, '--apply'], /has no passing rehearsal: it was never rehearsed/)
  await rig.good('99-cleanup', ['--run', tried])
  const a = await deployed(first)
  const promotion = rig.checks(first).find(check => check.check === 'deploy/promotion')
  assert.equal(promotion?.verdict, 'skip')
  assert.match(promotion?.detail ?? '', /never rehearsed.*overridden: it is only a test/)
  await rig.good('85-finish', ['--run', first])
  await rig.good('99-cleanup', ['--run', first])
  await rig.good('95-report', ['--run', first])
  assert.match(rig.report('report.md', first), /overridden: it is only a test/)
  await refused('90-rollback', [], /no earlier verified release/)
  await refused('90-rollback', ['--to', a], /is live already/)
  await refused('90-rollback', ['--to', 'ffff'], /there is no release ffff/)

  const late = await rig.plan(editionB)
  const second = rig.beginLike(late, '20200101-000001-staging-beef')
  const b = await deployed(second)
  // Its own rollback, as after a phase that failed: B was live and never verified.
  await rig.good('90-rollback', ['--run', second])
  await rig.good('99-cleanup', ['--run', second])
  assert.equal(rig.pointer()?.release, a)
  await refused('90-rollback', ['--to', b], /was never verified/)

  const third = rig.beginLike(late, '20200101-000002-staging-beef')
  await deployed(third)
  await rig.good('85-finish', ['--run', third])
  await rig.good('99-cleanup', ['--run', third])
  await refused('60-deploy', ['--run', late, '--apply'], /live has drifted since the plan was made/)
  await rig.good('99-cleanup', ['--run', late])

  const placed = join(rig.root, 'releases', shortDigest(a))
  const file = join(placed, 'servers', 'old', 'healthy.mjs')
  renameSync(file, `${file}.away`)
  await refused(
    '90-rollback',
    [],
    /no earlier verified release that is whole: release \w+ cannot be put back: .*healthy\.mjs/,
  )
  renameSync(`${file}.away`, file)
  appendFileSync(file, '// changed\n')
  await refused('90-rollback', ['--to', a], /cannot be put back: .*servers\/old\/healthy\.mjs/)
  assert.equal((await ask(rig.through('beside'))).version, 'B')
})

test('B8 preflight says what the way back from a deploy will be; a damaged live release does not stop the way away from it', async t => {
  const rig = await makeLiveRig(t)
  const a = await rig.putLiveByHand(editionA)
  const records = folderRecords(rig.root)
  const rehearsed = {run: 'r', at: '2026-01-01T00:00:00.000Z', verdict: 'pass', ms: 1} as const
  await records.setRelease({...(rig.record(a) as ReleaseRecord), rehearsals: [rehearsed]})
  const whole = await rig.step('10-preflight', ['--apply'])
  assert.equal(whole.code, 0, whole.said)
  assert.match(whole.stdout, /✓ preflight\/way-back: release \w+ is whole and verified: a rollback would go to it/)
  const file = join(rig.root, 'releases', shortDigest(a), 'servers', 'old', 'healthy.mjs')
  renameSync(file, `${file}.away`)
  const damaged = await rig.step('10-preflight', ['--apply'])
  assert.equal(damaged.code, 0, damaged.said)
  assert.match(
    damaged.stdout,
    /preflight\/way-back: release \w+ is live and not whole, .*healthy\.mjs is missing; .*no other release is verified/,
  )
  renameSync(`${file}.away`, file)
  await records.setRelease({...(rig.record(a) as ReleaseRecord), verified: undefined})
  const refused = await rig.step('10-preflight', ['--apply'])
  assert.equal(refused.code, 2, refused.said)
  assert.match(
    refused.stdout,
    /preflight\/way-back: a rollback would go to release \w+, which was never verified on live/,
  )
  const overridden = await rig.step('10-preflight', ['--apply', '--override', 'the first one'])
  assert.equal(overridden.code, 0, overridden.said)
  assert.match(overridden.stdout, /preflight\/way-back: .*overridden: the first one/)
  assert.doesNotMatch((await rig.step('10-preflight')).stdout, /way-back/, 'a rehearsal changes nothing')
})

test('X11 X12 a deploy that is refused before it changes anything shows no rollback, and one that nothing can pass no build', async t => {
  const rig = await makeLiveRig(t)
  rig.edit(editionA)
  const early = await rig.deploy()
  assert.equal(early.code, 2, early.said)
  assert.match(early.stdout, /no release of rig was ever rehearsed/)
  assert.match(early.stdout, /REFUSED, nothing was changed/)
  assert.ok(!rig.journal().some(entry => entry.type === 'step' && entry.step === '20-build'), 'nothing is built')

  const passed = {run: 'r', at: '2026-01-01T00:00:00.000Z', verdict: 'pass', ms: 1}
  const other = {release: '0'.repeat(64), fleet: 'rig', servers: {}, placedAt: passed.at, rehearsals: [passed]}
  mkdirSync(join(rig.root, 'records'), {recursive: true})
  writeFileSync(join(rig.root, 'records', `${other.release}.json`), JSON.stringify(other))
  const late = await rig.deploy()
  assert.equal(late.code, 2, late.said)
  assert.match(late.stdout, /REFUSED, nothing was changed: release \w+ has no passing rehearsal/)
  assert.match(late.stdout, /Roll back.*nothing was changed/)
  assert.doesNotMatch(late.stdout, /✔ Roll back/)
})
