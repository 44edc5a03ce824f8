// Takes back a restore that was killed before it changed live: what it had put beside live goes away.
import {existsSync, rmSync} from 'node:fs'
import {endRestore, undoRestore} from '../backup/applyRestore.ts'
import {readRestore, restoreFolder} from '../backup/restorePlan.ts'

/** Only where no change is under way. True when there was something to take back. */
export function endLeftRestore(root: string): boolean {
  const plan = readRestore(root)
  const folder = restoreFolder(root)
  if (plan === undefined) {
    const isLeft = existsSync(folder)
    // Killed before it had a plan, or after it had ended.
    rmSync(folder, {recursive: true, force: true})
    return isLeft
  }
  // No state was moved: that begins when the change is on record.
  undoRestore(plan, {parts: ['records']})
  endRestore(root, plan)
  return true
}
