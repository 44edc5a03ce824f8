// Bounds a computation that a pattern of the user's can blow up: regular expressions may need exponential time.
import {runInNewContext} from 'node:vm'
import {UserError} from '../userError.ts'

/** The result of `work`, or a `UserError` when it is not there in time. Only `node:vm` can interrupt running code. */
export function withinMs<Value>(work: () => Value, limitMs: number, what: string): Value {
  try {
    return runInNewContext('work()', {work}, {timeout: limitMs}) as Value
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    throw new UserError(`the deadline of ${limitMs} ms passed: ${what}`, 'simplify the pattern', {cause: thrown})
  }
}
