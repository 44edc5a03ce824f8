// Clean-up of a live environment: what is old goes, live and the way back stay, and a rehearsal removes nothing.
import assert from 'node:assert/strict'
import {cpSync, existsSync, readdirSync, utimesSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, versionsOf} from './liveRig.ts'

test('A10 pnpm cleanup removes what is old and keeps live and the way back; a rehearsal removes nothing', async t => {
  const rig = await makeLiveRig(t)
  const a = await rig.putLiveByHand(editionA)
  const b = await rig.putLiveByHand(editionB)
  const releases = join(rig.root, 'releases')
  const copies = join(rig.root, 'instances', 'live', 'copies')
  const invented = Array.from({length: 9}, (_, index) => `${index}`.repeat(12))
  for (const name of invented) {
    cpSync(join(rig.root, 'live.json'), join(releases, name, 'release.json'))
    cpSync(join(rig.root, 'live.json'), join(copies, `beside.${name}`, 'log'))
  }
  // As on a machine whose clock was set forward: everything is old, and what is pinned is the oldest.
  for (const [folder, name] of [releases, copies].flatMap(one => readdirSync(one).map(name => [one, name] as const))) {
    const days = invented.some(other => name.includes(other)) ? 400 : 4000
    utimesSync(join(folder, name), Date.now() / 1000 - days * 86_400, Date.now() / 1000 - days * 86_400)
  }

  const rehearsal = await rig.plan(editionB)
  await rig.good('60-deploy', ['--run', rehearsal])
  await rig.good('99-cleanup', ['--run', rehearsal])
  assert.equal(rig.verdict('rehearsal/live-unchanged', undefined, rehearsal), 'pass')
  assert.ok(invented.every(name => existsSync(join(releases, name)) && existsSync(join(copies, `beside.${name}`))))
  assert.deepEqual(removed(rig), [])

  const cleaned = await rig.step('99-cleanup')
  assert.equal(cleaned.code, 0, cleaned.said)
  t.diagnostic(cleaned.stdout.trim())
  const left = readdirSync(releases)
  // The release that was just rehearsed is the fifth.
  assert.equal(invented.filter(name => left.includes(name)).length, 4)
  assert.deepEqual(
    [a, b].filter(release => !left.includes(shortDigest(release))),
    [],
    'live and the way back',
  )
  const paths = removed(rig).map(({path}) => path)
  assert.ok(
    paths.some(path => path.startsWith('releases/')) && paths.some(path => /copies\/beside\.\d{12}$/.test(path)),
  )
  assert.ok(removed(rig).every(({bytes}) => Number.isInteger(bytes)))
  const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
  assert.equal(await inOrder(rig, versions, 'after the clean-up'), b)
  await rig.good('90-rollback')
  assert.equal(await inOrder(rig, versions, 'rolled back after the clean-up'), a)
})

function removed(rig: LiveRig): {path: string; bytes: number}[] {
  const facts = entriesOf(rig.journal(), 'fact').filter(({name}) => name === 'cleanup.removed')
  return facts.map(({value}) => value as {path: string; bytes: number})
}
