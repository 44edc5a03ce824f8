// Reads what may be absent but must not be unreadable: only "it is not there" is forgiven, and every other fault is thrown.
import {type Dirent, lstatSync, readdirSync, readFileSync, type Stats} from 'node:fs'

/** The text of a file, or undefined if it does not exist. Throws the file system's error if it cannot be read. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return undefined
    // Of a file that could be opened and not read, such as a folder, the system does not say which it was.
    throw Object.assign(error as Error, {path})
  }
}

/** The names in a folder, or none where there is no such folder. Throws what the file system says of one that cannot be read. */
export function namesIfThere(path: string): string[] {
  return ifThere(() => readdirSync(path)) ?? []
}

/** The entries of a folder, or none where there is no such folder. Throws what the file system says of one that cannot be read. */
export function entriesIfThere(path: string): Dirent[] {
  return ifThere(() => readdirSync(path, {withFileTypes: true})) ?? []
}

/** What lies at a path, links not followed, or undefined where there is nothing. Throws where that cannot be found out. */
export function lstatIfThere(path: string): Stats | undefined {
  return lstatSync(path, {throwIfNoEntry: false})
}

/** What `read` returns, or undefined when it failed because the path does not exist. */
export function ifThere<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** Whether an error of the file system says that there is nothing at the path. */
export function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
}
