// Goes back, and says what is live and what to do when that cannot finish: the end of every rollback and resume.
import {exitCode} from '../errors/exitCode.ts'
import {explain} from '../errors/explain.ts'
import {StepFailure} from '../errors/stepFailure.ts'
import {LeaseLost} from '../lock/lease.ts'
import {shortDigest} from '../release/release.ts'
import {type GoBack, goBack} from './goBack.ts'
import {servingNow} from './servingNow.ts'

/** Throws a `StepFailure` with exit code 3 when it could not finish; then both copies are kept and the change stays on record. */
export async function putBack(options: GoBack): Promise<void> {
  const {transition, context} = options
  const {from, to} = transition
  const goal = to === undefined ? 'nothing' : shortDigest(to.release)
  let why: string
  let cause: unknown
  try {
    const verdict = await goBack(options)
    if (verdict === 'pass') return
    why = `${goal} was judged ${verdict}`
  } catch (thrown) {
    if (context.signal.aborted) {
      context.say(`  ended in the middle of going back to ${goal}; requests go to ${servingNow(transition)}`)
      context.say('  → pnpm resume goes on with it')
      throw thrown
    }
    // Whoever has the lock now goes on with it.
    if (thrown instanceof LeaseLost) throw thrown
    cause = thrown
    why = explain(thrown)
  }
  const script = `sh ${context.fleet.root}/rollback.sh goes to the last verified release that is whole`
  const stay = from === undefined ? '' : `; pnpm rollback --to ${shortDigest(from.release)} stays with what was there`
  throw new StepFailure(
    exitCode.rollbackFailed,
    `the rollback to ${goal} could not finish: ${why}\nboth copies are kept where they run; requests go to ${servingNow(transition)}`,
    `a person is needed: pnpm status, pnpm logs SERVER; fix what is named, then pnpm resume goes on${stay}; ${script}`,
    {cause},
  )
}
