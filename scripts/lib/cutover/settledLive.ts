// What is live, for a command that is to start or to replace programs of it and must not meet another change on the way.

import {UserError} from '../errors/userError.ts'
import {readInstance} from '../instance/savedInstance.ts'
import type {StepContext} from '../step/step.ts'
import type {Instance} from '../target/instance.ts'
import {changeName} from './transition.ts'
import {readTransition} from './transitionFile.ts'

/** Rejects with a `UserError` where a change is unfinished, and where nothing was ever deployed. */
export async function settledLive({
  fleet: {root, environment},
  documents,
}: Pick<StepContext, 'fleet' | 'documents'>): Promise<Instance> {
  const unfinished = await readTransition(documents, root)
  if (unfinished !== undefined)
    throw new UserError(`run ${unfinished.run} left a ${changeName(unfinished)} unfinished`, 'pnpm resume')
  const live = await readInstance(documents, root, 'live')
  if (live === undefined) throw new UserError(`nothing was ever deployed to ${environment}`, 'pnpm deploy:production')
  return live
}
