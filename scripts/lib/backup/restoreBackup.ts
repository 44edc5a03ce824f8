// Restores a backup into a root where nothing runs: all of it, or nothing.
import {applyRestore, endRestore, undoRestore} from './applyRestore.ts'
import type {RestorePlan} from './restorePlan.ts'
import {type StageRestore, stageRestore} from './stageRestore.ts'

/** The root may be empty; no program may run in it. When something fails, what was there is put back. */
export async function restoreBackup(options: StageRestore): Promise<RestorePlan> {
  const plan = await stageRestore(options)
  try {
    applyRestore(options.root, plan)
  } catch (thrown) {
    undoRestore(options.root, plan)
    throw thrown
  } finally {
    endRestore(options.root)
  }
  return plan
}
