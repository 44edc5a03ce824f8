// Reads the text of a file of an environment: it may be absent, and it is an error when it cannot be read.
import {readFileSync, statSync} from 'node:fs'
import {UserError} from '../errors/userError.ts'
import {ifThere} from './ifThere.ts'

/** Something is there, and its text cannot be read. */
export class Unreadable extends UserError {
  /** A sentence part: `is a folder`. */
  readonly fault: string

  constructor(place: string, fault: string, cause?: unknown) {
    super(`${place}: ${fault}`, `see what is there and who may read it: ls -ld ${place}`, {cause})
    this.name = 'Unreadable'
    this.fault = fault
  }
}

// The largest that is written, the description of 1,000 servers, has 10 MB.
const maximumBytes = 64 * 1024 * 1024

/** Undefined when there is no such file. Throws an `Unreadable`. */
export function savedText(path: string): string | undefined {
  try {
    const found = ifThere(() => statSync(path))
    if (found === undefined) return undefined
    // Reading a pipe or a device could block forever.
    if (!found.isFile()) throw new Unreadable(path, found.isDirectory() ? 'is a folder' : 'is no file')
    if (found.size > maximumBytes) throw new Unreadable(path, `has ${found.size} bytes, more than any such file`)
    return ifThere(() => readFileSync(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause
    throw new Unreadable(path, `cannot be read: ${(cause as Error).message}`, cause)
  }
}
