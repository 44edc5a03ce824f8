// Turns anything that was thrown into the text a person reads: an expected fault without a stack, a bug with its cause.
import {oneLine} from '../text/foreignText.ts'
import {UserError} from './userError.ts'

/** Text for the terminal and the journal. A `UserError` gives message and remedy; anything else its stack and causes. */
export function explain(thrown: unknown): string {
  if (thrown instanceof UserError) {
    return thrown.remedy === undefined ? thrown.message : `${thrown.message}\n→ ${thrown.remedy}`
  }
  if (isDiskFull(thrown)) return `${thrown.message}\n→ ${makeRoom}`
  if (isInTheWay(thrown))
    return `${oneLine(thrown.path)}: ${oneLine(thrown.message)}\n→ see what it is and who may use it: ls -ld ${oneLine(thrown.path)}`
  if (!(thrown instanceof Error)) return `a value that is no error was thrown: ${String(thrown)}`
  const cause = thrown.cause === undefined ? '' : `\ncaused by: ${explain(thrown.cause)}`
  return `${thrown.stack ?? thrown.message}${cause}`
}

const makeRoom =
  'the disk is full: make room where .runs, .build and the root of the environment are, then run it again'

// Of a file or folder of the user's that is another kind of thing, or another user's; where in the program says nothing of it.
const inTheWay = ['EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ELOOP', 'EIO', 'EROFS', 'ENAMETOOLONG']

function isInTheWay(thrown: unknown): thrown is Error & {path: string} {
  if (!(thrown instanceof Error)) return false
  const {code = '', path} = thrown as NodeJS.ErrnoException
  return typeof path === 'string' && inTheWay.includes(code)
}

// Any write may meet it, and nobody needs to see where in the program that was.
function isDiskFull(thrown: unknown): thrown is Error {
  return thrown instanceof Error && ['ENOSPC', 'EDQUOT'].includes((thrown as NodeJS.ErrnoException).code ?? '')
}
