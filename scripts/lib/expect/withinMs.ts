// Bounds a computation that a pattern of the user's can blow up: regular expressions may need exponential time.
import {createContext, Script} from 'node:vm'
import {UserError} from '../errors/userError.ts'

// Made once: a context takes milliseconds, and every answer of every held client is compared.
const script = new Script('work()')
const context: {work?: () => unknown} = createContext({})

/** The result of `work`, or a `UserError` when it is not there in time. Only `node:vm` can interrupt running code. */
export function withinMs<Value>(work: () => Value, limitMs: number, what: string): Value {
  try {
    context.work = work
    return script.runInContext(context, {timeout: limitMs}) as Value
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    throw new UserError(`the deadline of ${limitMs} ms passed: ${what}`, 'simplify the pattern', {cause: thrown})
  }
}
