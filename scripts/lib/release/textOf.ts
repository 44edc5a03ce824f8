// Reads a small file that is only an aid: when it cannot be read, the work that it would save is done again.
import {readFileSync} from 'node:fs'

export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
