// Reads a file that is only an aid, or of a process that may end at any moment: what cannot be read is done or asked again.
import {readFileSync} from 'node:fs'

/** For nothing whose absence decides anything. */
export function textIfReadable(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | undefined {
  try {
    return readFileSync(path, encoding)
  } catch {
    // Whatever the error: the caller continues without the text.
    return undefined
  }
}
