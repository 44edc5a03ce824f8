// kill -9 of a rollback from a backup, then `pnpm resume`: one release is live with its own state, and nothing of the restore is
// left. SWEEP=full kills at every effect; without it, at those after which state and release could disagree.

import assert from 'node:assert/strict'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {readIndex} from '../../scripts/lib/backup/backupIndex.ts'
import {folderDocuments} from '../../scripts/lib/records/folderDocuments.ts'
import {ask} from './ask.ts'
import {callers} from './callers.ts'
import {inOrder} from './inOrder.ts'
import {killedAt} from './killed.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names, versionsOf} from './liveRig.ts'

const full = process.env.SWEEP === 'full'

/** Each stands for the first effect of the kind; the state of one server moves by two renames. */
const wellChosen = [
  /^after rename restore\.json/,
  /^after rename transition\.json/,
  /^entry command started .*keeper/,
  /^after rename kept/,
  /^entry check .*restore\/state/,
  /^after rename live\.json/,
  /^entry backup/,
  /^after rename restore-/,
  /^after remove restore\.json/,
  /^after remove transition\.json/,
]

test('X14 B12 kill -9 of a restore: resume puts release and state in order together', async t => {
  const rig = await makeLiveRig(t)
  const a = await rig.putLiveByHand(editionA)
  const backups = {[a]: await backUp(rig, 'A')}
  const b = await rig.putLiveByHand(editionB)
  backups[b] = await backUp(rig, 'B')
  const versions = {[a]: versionsOf(editionA), [b]: versionsOf(editionB)}
  // What was written after each backup tells the state before a restore from that after it.
  await keep(rig, 'since')
  let during = 'the beginning'
  const calling = callers(rig, t, () => during, [names.kept, names.beside])

  const restore = (at: number) => {
    const goal = rig.pointer()?.release === a ? b : a
    return killedAt(rig, {
      step: '90-rollback',
      flags: ['--from-backup', backups[goal] ?? '', '--without-backup'],
      at,
    })
  }
  const effects = await restore(0)
  await keep(rig, 'since')
  const second = [...effects.keys()].filter(index => /^after rename kept/.test(effects[index] ?? ''))[1]
  const chosen = wellChosen.map(kind => effects.findIndex(effect => kind.test(effect)))
  assert.ok(!chosen.includes(-1) && second !== undefined, `a kind of effect was not there: ${chosen}`)
  const due = full ? [...effects.keys()] : [...new Set([...chosen, second])].sort((one, other) => one - other)
  for (const index of due) {
    const before = rig.pointer()?.release
    during = `killed at ${index + 1}, ${effects[index]}`
    await restore(index + 1)
    await rig.good('15-resume')
    const live = await inOrder(rig, versions, during)
    t.diagnostic(`${during}: ${live === before ? 'put back' : 'finished'}`)
    const lines = readFileSync(join(rig.state, 'kept'), 'utf8').trimEnd().split('\n')
    const own = live === a ? ['A'] : ['A', 'B']
    assert.deepEqual(lines, live === before ? [...own, 'since'] : own, `${during}: the state of the other release`)
    for (const name of ['restore.json', 'restore']) assert.equal(existsSync(join(rig.root, name)), false, during)
    if (live !== before) await keep(rig, 'since')
  }
  assert.deepEqual((await calling.end()).faults, [])
})

async function keep(rig: LiveRig, mark: string): Promise<void> {
  assert.equal((await ask(rig.through(names.inPlace), `keep:${mark}`)).text, `keep:${mark}`)
}

async function backUp(rig: LiveRig, mark: string): Promise<string> {
  await keep(rig, mark)
  await rig.good('50-backup')
  return (await readIndex(folderDocuments(rig.root))).at(-1)?.path ?? assert.fail('no backup was made')
}
