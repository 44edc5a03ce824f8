// Takes back a restore that was killed before it changed live: what it had put beside live goes away.
import {endRestore, undoRestore} from '../backup/applyRestore.ts'
import {clearRestore} from '../backup/clearRestore.ts'
import {restoreFolder} from '../backup/restorePlaces.ts'
import {readRestore} from '../backup/restorePlan.ts'
import {lstatIfThere} from '../files/ifThere.ts'

/** Only where no change is under way. True when there was something to take back. */
export function endLeftRestore(root: string): boolean {
  const plan = readRestore(root)
  if (plan === undefined) {
    const isLeft = lstatIfThere(restoreFolder(root)) !== undefined
    // Killed before it had a plan, or after it had ended.
    clearRestore(root)
    return isLeft
  }
  // No state was moved: that begins when the change is on record.
  undoRestore(root, plan, {parts: ['records']})
  endRestore(root)
  return true
}
