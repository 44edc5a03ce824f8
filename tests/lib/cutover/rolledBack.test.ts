// Which release a rollback marks as one to keep away from, and which live release a second rollback leaves alone.
import assert from 'node:assert/strict'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {putBackAlready} from '../../../scripts/lib/cutover/earlierRelease.ts'
import {leftForGood, pointTo, recordRolledBack} from '../../../scripts/lib/cutover/recordRolledBack.ts'
import {reversed, type Transition} from '../../../scripts/lib/cutover/transition.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import type {ReleaseRecord} from '../../../scripts/lib/records/records.ts'
import {shortDigest} from '../../../scripts/lib/release/release.ts'
import type {Instance} from '../../../scripts/lib/target/instance.ts'
import {releaseWith} from '../release/releaseWith.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const [a, b] = ['a', 'b'].map(letter => letter.repeat(64)) as [string, string]
const instance = (release: string) =>
  ({release, fleet: 'harbour', releaseFolder: '/nowhere', servers: []}) as unknown as Instance
const between = (from: string, to: string, more: Partial<Transition> = {}): Transition => ({
  run: 'r',
  purpose: 'rollback',
  from: instance(from),
  to: instance(to),
  changes: [],
  stages: {},
  ...more,
})

/** Records in which these releases were verified, in that order. */
async function recordsOf(t: TestContext, ...verified: string[]) {
  const root = temporaryFolder(t)
  const records = folderRecords(root)
  for (const [index, release] of verified.entries()) {
    const at = '2026-11-20T10:00:00.000Z'
    const known: ReleaseRecord = {release, fleet: 'harbour', servers: {}, placedAt: at, rehearsals: []}
    await records.setRelease({...known, verified: {run: 'r', at, order: index + 1}})
  }
  return {root, records}
}

test('X11 a rollback marks what was verified later, and what failed, but not what it goes forward from', async t => {
  const {records} = await recordsOf(t, a, b)
  assert.equal((await leftForGood(between(b, a), records))?.release, b)
  assert.equal(
    await leftForGood(between(a, b), records),
    undefined,
    'going forward says nothing against the earlier one',
  )
  assert.equal((await leftForGood(between(a, b, {failed: true}), records))?.release, a, 'its deploy failed')
  assert.equal(await leftForGood(between(b, a, {givesUp: true}), records), undefined)
  const deploy = between(a, b, {purpose: 'deploy'})
  assert.equal(reversed(deploy, 'x').failed, true)
  assert.equal(reversed({...deploy, purpose: 'finish'}, 'x').failed, undefined, 'it was found good')
})

test('X11 a release that failed before it had a record gets one, with when and why on one line', async t => {
  const {records} = await recordsOf(t, a)
  await recordRolledBack(records, instance(b), {
    run: 'r',
    failed: true,
    reason: `calls/adds one:\n\u001b[2J${'x'.repeat(500)}`,
  })
  const {rolledBack, verified} = (await records.release(b)) ?? {}
  assert.deepEqual([rolledBack?.failed, verified], [true, undefined])
  assert.match(rolledBack?.reason ?? '', /^calls\/adds one: ⟨U\+001B⟩\[2Jx+… \(\d+ more characters in the journal\)$/)
})

test('X11 what a rollback put back stays when it is asked again, unless it is bad, damaged or was deployed since', async t => {
  const release = releaseWith()
  const good = release.digest
  const {root, records} = await recordsOf(t, good, b)
  const folder = join(root, 'releases', shortDigest(good))
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'release.json'), JSON.stringify(release))
  await records.setLive({release: b, since: '2026-11-20T10:00:00.000Z', run: 'r'})
  assert.equal(await putBackAlready(root, records), undefined, 'it was deployed')
  await pointTo(records, good, instance(b), 'back')
  assert.equal((await putBackAlready(root, records))?.left, b)
  const since = await records.live()
  await pointTo(records, good, undefined, 'started again')
  assert.deepEqual(await records.live(), since, 'a start of the same release changes nothing')
  rmSync(folder, {recursive: true})
  assert.equal(await putBackAlready(root, records), undefined, 'it is gone')
})
