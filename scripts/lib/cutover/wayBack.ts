// The direction of a rollback that finds a change under way.

import {UserError} from '../errors/userError.ts'
import {shortDigest} from '../release/release.ts'
import type {StepContext} from '../step/step.ts'
import {reversed, type Transition} from './transition.ts'

/**
 * A rollback that was interrupted goes on in its own direction, anything else is turned round. `to` may name where to go: a
 * rollback whose goal does not come up is given up by naming the verified release it came from. Throws a `UserError`.
 */
export async function wayBack(
  unfinished: Transition,
  {run, records}: Pick<StepContext, 'run' | 'records'>,
  to: string | undefined,
): Promise<Transition> {
  const goesBack = unfinished.purpose === 'rollback'
  const back = goesBack ? {...unfinished, run} : reversed(unfinished, run)
  if (to === undefined || back.to?.release.startsWith(to)) return back
  const before = unfinished.from?.release
  if (goesBack && before?.startsWith(to) && (await records.release(before))?.verified !== undefined)
    return {...reversed(unfinished, run), givesUp: true}
  const known = [back.to?.release, goesBack ? before : undefined].flatMap(one => (one ? [shortDigest(one)] : []))
  throw new UserError(
    `--to: run ${unfinished.run} left a ${unfinished.purpose} unfinished, and ${to} is no verified side of it`,
    `recover it first: pnpm resume, or name one of ${known.join(', ') || 'none'}`,
  )
}
