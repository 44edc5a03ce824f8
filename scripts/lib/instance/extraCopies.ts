// Extra copies of servers that a phase of a rehearsal started: each described in a folder of its own, below the rehearsal's.
import {dirname, join} from 'node:path'
import {namesIfThere} from '../files/ifThere.ts'
import {folderDocuments} from '../records/folderDocuments.ts'
import type {Instance} from '../target/instance.ts'
import {readDescription} from './savedInstance.ts'

/** Where the extra copy of that name lies. */
export function extraFolder(rehearsalFolder: string, name: string): string {
  return join(rehearsalFolder, 'extra', name)
}

/** Every one that was described, running or not; before that nothing of it was started. */
export async function extraCopies(rehearsalFolder: string): Promise<Instance[]> {
  const root = dirname(dirname(rehearsalFolder))
  const documents = folderDocuments(root)
  const names = namesIfThere(join(rehearsalFolder, 'extra')).sort()
  const found = await Promise.all(
    names.map(name => readDescription(documents, root, extraFolder(rehearsalFolder, name), name)),
  )
  return found.filter(instance => instance !== undefined)
}
