// The fencing token of an environment: a number that grows with every taking of its lock and survives the giving back.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {writeAtomically} from '../writeAtomically.ts'

/** The newest token that was given out; 0 before the first, and where the file was damaged: then locks that are left tell. */
export function lastToken(root: string): number {
  try {
    const value = Number(readFileSync(tokenPath(root), 'utf8'))
    return Number.isSafeInteger(value) && value > 0 ? value : 0
  } catch {
    return 0
  }
}

export function keepToken(root: string, token: number): void {
  writeAtomically(tokenPath(root), `${token}\n`)
}

function tokenPath(root: string): string {
  return join(root, 'lock.token')
}
