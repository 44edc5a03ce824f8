// Ends work that does not give the processor back, such as a server's regular expression that runs away.
import {createContext, Script} from 'node:vm'

const script = new Script('work()')
const context: {work?: () => unknown} = createContext({})

/**
 * The result of work that is done at once. Throws when it takes longer than `atMostMs`: no deadline of ours would come to pass
 * while it runs, and no signal would be heard.
 */
export function bounded<Result>(work: () => Result, atMostMs = 1000): Result {
  context.work = work
  try {
    return script.runInContext(context, {timeout: atMostMs}) as Result
  } catch (error) {
    if ((error as {code?: unknown}).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Error(`it did not end within ${atMostMs} ms`)
  } finally {
    context.work = undefined
  }
}
