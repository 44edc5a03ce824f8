// The good path as a person walks it: rehearse and deploy A, then B, and roll back to A, while calls go on all the time.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, makeLiveRig, versionsOf} from './liveRig.ts'

test('B8 B12 X12 rehearse, deploy, rehearse, deploy, roll back: status, records, routes and processes agree', async t => {
  const rig = await makeLiveRig(t)
  const a = await rig.putLive(editionA)
  assert.equal(await inOrder(rig, {[a]: versionsOf(editionA)}, 'the first deploy'), a)
  const calling = callers(rig, t)
  const b = await rig.putLive(editionB)
  const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
  assert.equal(await inOrder(rig, versions, 'the second deploy'), b)
  const rehearsal = rig.record(b)?.rehearsals[0]
  assert.equal(rehearsal?.verdict, 'pass')
  assert.match((await rig.good('03-status')).stdout, new RegExp(`${shortDigest(b)} is live`))

  const back = await rig.good('90-rollback')
  assert.match(back.stdout, new RegExp(`${shortDigest(a)} is live`))
  assert.equal(await inOrder(rig, versions, 'the rollback'), a)
  assert.match((await rig.good('03-status')).stdout, new RegExp(`${shortDigest(a)} is live`))
  const {faults, lost} = await calling.end()
  assert.deepEqual([faults, lost], [[], []])
})
