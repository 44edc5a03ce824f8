// Reads a JSON file of an environment, which may be absent but must not be unreadable.
import {readFileSync} from 'node:fs'
import {UserError} from './userError.ts'

/** Undefined when there is no such file. Throws a `UserError` when it is not JSON: `what` says what it should be. */
export function readJson<Value>(path: string, what: string, remedy: string): Value | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    // What cannot be read is still there: taking it for nothing would let a change begin on top of it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
  try {
    return JSON.parse(text) as Value
  } catch (cause) {
    throw new UserError(`${path}: should be ${what}, is no JSON: ${text.slice(0, 40)}`, remedy, {cause})
  }
}
