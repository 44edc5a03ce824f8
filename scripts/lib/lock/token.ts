// The fencing token of an environment: a number that grows with every taking of its lock and survives the giving back.
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {readIfThere} from '../files/ifThere.ts'
import {writeAtomically} from '../files/writeAtomically.ts'
import {oneLine} from '../text/foreignText.ts'

/** Larger ones are not counted exactly everywhere: not by every shell, and not by this program beyond 2^53. */
export const greatestToken = 999_999_999_999_998

/**
 * The newest token that was given out; 0 before the first. `left` is that of a lock which is still there: it is the newest as
 * well, and taken where the file is damaged. Without one, to count from the beginning would let a run go on that lost its
 * lock long ago, so a `UserError` is thrown.
 */
export function lastToken(root: string, left?: number): number {
  const text = readIfThere(tokenPath(root)) ?? '0'
  const value = Number(text)
  if (/^\d{1,15}\n?$/.test(text) && value <= greatestToken) return value
  if (left !== undefined) return left
  throw new UserError(
    `${tokenPath(root)}: should be the number of the newest lock, got ${oneLine(text.slice(0, 40)) || 'nothing'}`,
    `if pnpm status shows no run at work: rm ${tokenPath(root)}; sh ${root}/rollback.sh works without it`,
  )
}

export function keepToken(root: string, token: number): void {
  writeAtomically(tokenPath(root), `${token}\n`)
}

function tokenPath(root: string): string {
  return join(root, 'lock.token')
}
