// Ends rehearsals whose run was killed. The environment's lock is ours, so whoever began them is gone.
import {removeTree} from '../files/removeTree.ts'
import type {PreflightCheck} from '../preflight/preflight.ts'
import type {Documents} from '../records/documents.ts'
import {isRehearsal} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {endInstance} from './endInstance.ts'
import {instanceFolder} from './planInstance.ts'
import {instanceNames, readInstance} from './savedInstance.ts'

export async function endStale({
  root,
  documents,
  run,
  target,
  shell,
}: {
  root: string
  documents: Documents
  run: string
  target: Target
  shell: Shell
}): Promise<PreflightCheck> {
  const stale = instanceNames(root).filter(name => isRehearsal({name}) && name !== `rehearsal-${run}`)
  for (const name of stale) {
    const instance = await readInstance(documents, root, name)
    if (instance !== undefined) await endInstance(instance, target, shell)
    // Killed before it was described: nothing was started yet.
    else removeTree(instanceFolder(root, name))
  }
  const detail =
    stale.length === 0
      ? 'no earlier run left anything behind'
      : `ended what killed runs left behind: ${stale.join(', ')}`
  return {name: 'unfinished-runs', verdict: 'pass', detail, value: stale.length}
}
