// Extra copies of servers that a phase of a rehearsal started: each described in a folder of its own, below the rehearsal's.
import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {readJson} from '../readJson.ts'
import type {Instance} from './instance.ts'
import {descriptionPath} from './savedInstance.ts'

/** Where the extra copy of that name lies. */
export function extraFolder(rehearsalFolder: string, name: string): string {
  return join(rehearsalFolder, 'extra', name)
}

/** Every one that was described, running or not; before that nothing of it was started. */
export function extraCopies(rehearsalFolder: string): Instance[] {
  const what = 'the description of an extra copy'
  return namesIn(join(rehearsalFolder, 'extra')).flatMap(name => {
    const path = descriptionPath(extraFolder(rehearsalFolder, name))
    return readJson<Instance>(path, what, 'stop its processes and remove the folder') ?? []
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
