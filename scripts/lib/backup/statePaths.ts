// The declared state of a server as paths below its folder: tidied, and refused where they would leave it.
import {isAbsolute} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {plainPath} from '../state/listState.ts'

/** Paths within another one of them are left out. Throws a `UserError`. */
export function statePaths(server: string, declared: readonly string[]): string[] {
  const outside = declared.find(isOutside)
  if (outside !== undefined)
    throw new UserError(
      `servers.${server}.state.paths: should be below the state folder of the server, got ${outside}`,
      'write paths such as memory.jsonl, data or .',
    )
  return tidied(declared)
}

/** Whether a path is none below the folder to which it is relative, by its text. Links on the way are another question. */
export function isOutside(path: string): boolean {
  return path === '' || path.includes('\0') || isAbsolute(path) || plainPath(path).split('/')[0] === '..'
}

/** Whether the paths are as `statePaths` returns them, which is how a backup names them. */
export function areStatePaths(paths: readonly string[]): boolean {
  if (paths.some(isOutside)) return false
  const plain = tidied(paths)
  return plain.length === paths.length && plain.every((path, index) => path === paths[index])
}

function tidied(paths: readonly string[]): string[] {
  const plain = [...new Set(paths.map(plainPath))]
  return plain.filter(path => !plain.some(other => other !== path && (other === '.' || path.startsWith(`${other}/`))))
}
