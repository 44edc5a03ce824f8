// Extra copies of servers that a phase of a rehearsal started: each described in a folder of its own, below the rehearsal's.
import {dirname, join} from 'node:path'
import {namesIfThere} from '../files/ifThere.ts'
import type {Instance} from './instance.ts'
import {readDescription} from './savedInstance.ts'

/** Where the extra copy of that name lies. */
export function extraFolder(rehearsalFolder: string, name: string): string {
  return join(rehearsalFolder, 'extra', name)
}

/** Every one that was described, running or not; before that nothing of it was started. */
export function extraCopies(rehearsalFolder: string): Instance[] {
  const root = dirname(dirname(rehearsalFolder))
  return namesIfThere(join(rehearsalFolder, 'extra'))
    .sort()
    .flatMap(name => readDescription(root, extraFolder(rehearsalFolder, name), name) ?? [])
}
