// The declared state of a server as paths below its folder: tidied, and refused where they would leave it.
import {isAbsolute} from 'node:path'
import {UserError} from '../userError.ts'
import {plainPath} from './listSource.ts'

/** Paths within another one of them are left out. Throws a `UserError`. */
export function statePaths(server: string, declared: readonly string[]): string[] {
  const outside = declared.find(path => isAbsolute(path) || plainPath(path).split('/')[0] === '..')
  if (outside !== undefined)
    throw new UserError(
      `servers.${server}.state.paths: should be below the state folder of the server, got ${outside}`,
      'write paths such as memory.jsonl, data or .',
    )
  const paths = [...new Set(declared.map(plainPath))]
  return paths.filter(path => !paths.some(other => other !== path && (other === '.' || path.startsWith(`${other}/`))))
}
