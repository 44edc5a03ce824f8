// Which release a rollback marks as one to keep away from, and which live release a second rollback leaves alone.
import assert from 'node:assert/strict'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {putBackAlready} from '../../../scripts/lib/cutover/earlierRelease.ts'
import {leftForGood, pointTo, recordRolledBack} from '../../../scripts/lib/cutover/recordRolledBack.ts'
import {reversed, type Transition} from '../../../scripts/lib/cutover/transition.ts'
import type {Instance} from '../../../scripts/lib/instance/instance.ts'
import {shortDigest} from '../../../scripts/lib/release/release.ts'
import {folderStore} from '../../../scripts/lib/store/folderStore.ts'
import type {ReleaseRecord} from '../../../scripts/lib/store/store.ts'
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

/** A store in which these releases were verified, in that order. */
function storeOf(t: TestContext, ...verified: string[]) {
  const root = temporaryFolder(t)
  const store = folderStore(root)
  for (const [index, release] of verified.entries()) {
    const at = '2026-11-20T10:00:00.000Z'
    const known: ReleaseRecord = {release, fleet: 'harbour', servers: {}, placedAt: at, rehearsals: []}
    store.setRecord({...known, verified: {run: 'r', at, order: index + 1}})
  }
  return {root, store}
}

test('X11 a rollback marks what was verified later, and what failed, but not what it goes forward from', t => {
  const {store} = storeOf(t, a, b)
  assert.equal(leftForGood(between(b, a), store)?.release, b)
  assert.equal(leftForGood(between(a, b), store), undefined, 'going forward says nothing against the earlier one')
  assert.equal(leftForGood(between(a, b, {failed: true}), store)?.release, a, 'its deploy failed')
  assert.equal(leftForGood(between(b, a, {givesUp: true}), store), undefined)
  const deploy = between(a, b, {purpose: 'deploy'})
  assert.equal(reversed(deploy, 'x').failed, true)
  assert.equal(reversed({...deploy, purpose: 'finish'}, 'x').failed, undefined, 'it was found good')
})

test('X11 a release that failed before it had a record gets one, with when and why on one line', t => {
  const {store} = storeOf(t, a)
  recordRolledBack(store, instance(b), {run: 'r', failed: true, reason: `calls/adds one:\n\u001b[2J${'x'.repeat(500)}`})
  const {rolledBack, verified} = store.record(b) ?? {}
  assert.deepEqual([rolledBack?.failed, verified], [true, undefined])
  assert.match(rolledBack?.reason ?? '', /^calls\/adds one: ⟨U\+001B⟩\[2Jx+… \(\d+ more characters in the journal\)$/)
})

test('X11 what a rollback put back stays when it is asked again, unless it is bad, damaged or was deployed since', t => {
  const release = releaseWith()
  const good = release.digest
  const {root, store} = storeOf(t, good, b)
  const folder = join(root, 'releases', shortDigest(good))
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'release.json'), JSON.stringify(release))
  store.setLive({release: b, since: '2026-11-20T10:00:00.000Z', run: 'r'})
  assert.equal(putBackAlready(root, store), undefined, 'it was deployed')
  pointTo(store, good, instance(b), 'back')
  assert.equal(putBackAlready(root, store)?.left, b)
  const since = store.live()
  pointTo(store, good, undefined, 'started again')
  assert.deepEqual(store.live(), since, 'a start of the same release changes nothing')
  rmSync(folder, {recursive: true})
  assert.equal(putBackAlready(root, store), undefined, 'it is gone')
})
