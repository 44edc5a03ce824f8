// The disk of the environment fills up in the middle of a deploy: live answers all the time, and resume recovers it
// once there is room.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {editionA, editionB, makeLiveRig, versionsOf} from './liveRig.ts'

const pageBytes = 4096
/** Pages that are free when a deploy begins: none, and so few that it comes up to some point. */
const freePages = [0, 3, 8, 12, 20, 32]

test('X14 with a full disk a deploy ends with a message and live goes on; with room again resume recovers it', async t => {
  const rig = await makeLiveRig(t)
  mkdirSync(rig.root, {recursive: true})
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=700m', 'tmpfs', rig.root], {stdio: 'pipe'})
  } catch (thrown) {
    return t.skip(`a small disk cannot be made here: ${(thrown as Error).message.split('\n')[0]}`)
  }
  rig.after(() => execFileSync('umount', ['-l', rig.root]))
  const a = await rig.putLiveByHand(editionA)
  const b = await rig.putLiveByHand(editionB)
  await rig.good('90-rollback')
  const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
  const planned = await rig.plan(editionB)
  const calling = callers(rig, t, undefined, ['kept', 'beside'])
  const seen = new Set<string>()
  for (const [index, free] of freePages.entries()) {
    const run = rig.beginLike(planned, `20200101-${String(index).padStart(6, '0')}-staging-beef`)
    const filler = fill(rig.root, free)
    const deployed = await rig.step('60-deploy', ['--run', run, '--apply', '--override', 'it is only a test'])
    const where = `${free} pages free`
    if (deployed.code !== 0) {
      assert.match(
        deployed.stderr,
        /the disk is full|no space left|did not say that it started|ended with exit code|its routes/i,
        where,
      )
      assert.match(deployed.stderr, /→ /, `${where}: ${deployed.stderr}`)
      const back = await rig.step('90-rollback', ['--run', run])
      seen.add(`deploy ${deployed.code}, rollback ${back.code}`)
      assert.ok([0, 3].includes(back.code ?? -1) || /the disk is full/.test(back.stderr), `${where}: ${back.said}`)
      if (back.code === 3) assert.match(back.stderr, /requests go to/)
    } else seen.add('deploy 0')
    rmSync(filler)
    await rig.good('15-resume')
    await rig.good('99-cleanup', ['--run', run])
    assert.equal(await inOrder(rig, versions, where), rig.pointer()?.release)
    if (rig.pointer()?.release === b || rig.transition() !== undefined) await rig.good('90-rollback', ['--to', a])
  }
  assert.ok(seen.size > 1, `always the same: ${[...seen]}`)
  t.diagnostic([...seen].join('; '))
  const {faults} = await calling.end()
  assert.deepEqual(faults, [])
})

/** Fills the disk up to so many free pages; gives the file to be removed. */
function fill(folder: string, free: number): string {
  const path = join(folder, 'filler')
  const file = openSync(path, 'w')
  try {
    const {bavail, bsize} = statfsSync(folder)
    const bytes = bavail * bsize - free * pageBytes
    const block = Buffer.alloc(1_048_576)
    for (let left = bytes; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(block.length, left))
  } finally {
    closeSync(file)
  }
  return path
}
