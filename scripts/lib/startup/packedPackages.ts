// Tells where the packages that most programs import lie in a few files each, which load in half the time.
import {statSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {textIfReadable} from '../files/textIfReadable.ts'

/** What `packPackages` keeps beside the packed files. Paths are relative to the folder of the index. */
export interface PackedIndex {
  packer: string
  /** Look of every file that went in or came out. */
  looks: Record<string, string>
  /** The packed file by what a program imports. */
  files: Record<string, string>
}

/** What makes other files of the same packages. The number is raised when they are packed otherwise. */
export const packer = `2 ${process.version}`

/** Where they are kept: in the folder of this checkout. */
export const packedIn = join(import.meta.dirname, '..', '..', '..', '.build', 'packages')

/** URL of the packed file by what a program imports. Undefined when there are none, or when a file has changed since they were packed. */
export function packedPackages(folder = packedIn): Record<string, string> | undefined {
  const index = readIndex(folder)
  if (index?.packer !== packer) return undefined
  for (const path in index.looks) if (lookOf(join(folder, path)) !== index.looks[path]) return undefined
  const urlOf = (path: string) => pathToFileURL(join(folder, path)).href
  return Object.fromEntries(Object.entries(index.files).map(([name, path]) => [name, urlOf(path)]))
}

/** Changes whenever the file is written; cheaper than its content. */
export function lookOf(path: string): string {
  const found = statSync(path, {throwIfNoEntry: false})
  return found === undefined ? 'absent' : `${found.size} ${found.mtimeMs} ${found.ino}`
}

function readIndex(folder: string): PackedIndex | undefined {
  try {
    return JSON.parse(textIfReadable(join(folder, 'index.json')) ?? '')
  } catch {
    // Without it the packages are loaded as they are.
    return undefined
  }
}
