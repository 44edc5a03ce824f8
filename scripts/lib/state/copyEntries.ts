// Copies what was listed of a folder into another one: files with their digests, hard links as such, links as they are kept.
import {chmodSync, linkSync, lutimesSync, mkdirSync, symlinkSync, utimesSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {bytesOf, pathOf, shownName} from '../files/byteName.ts'
import type {CopiedFile} from './copyFile.ts'
import type {Listed} from './listState.ts'

export type CopiedEntry =
  | {kind: 'folder'; path: string; mode: number; modifiedMs: number}
  | {kind: 'link'; path: string; target: string; modifiedMs: number}
  | ({kind: 'file'; path: string} & CopiedFile)
  /** Another name of a file that was copied before it. */
  | {kind: 'same'; path: string; target: string}

export interface CopyEntries {
  listed: readonly Listed[]
  from: string
  /** Existing and empty. */
  to: string
  /** For messages: `state of memory`. */
  what: string
  /** Copies one file; `path` is the one that was listed. */
  copy: (from: string, to: string, path: string) => Promise<CopiedFile>
}

/**
 * Paths are those of the list. Undefined when something went away in the meantime. Throws a `UserError` for a link that leads
 * out of the folder, before anything is copied.
 */
export async function copyEntries(options: CopyEntries): Promise<CopiedEntry[] | undefined> {
  const {listed, from, to, copy} = options
  refuseOutside(options)
  const copied: CopiedEntry[] = []
  try {
    for (const one of listed) {
      const target = join(to, one.path)
      if (one.kind === 'other') continue
      mkdirSync(pathOf(one.kind === 'folder' ? target : dirname(target)), {recursive: true})
      if (one.kind === 'folder')
        copied.push({kind: 'folder', path: one.path, mode: one.mode, modifiedMs: one.modifiedMs})
      else if (one.kind === 'link') {
        symlinkSync(bytesOf(one.target), pathOf(target))
        copied.push({kind: 'link', path: one.path, target: one.target, modifiedMs: one.modifiedMs})
      } else if (one.sameAs !== undefined) {
        linkSync(pathOf(join(to, one.sameAs)), pathOf(target))
        copied.push({kind: 'same', path: one.path, target: one.sameAs})
      } else {
        copied.push({kind: 'file', path: one.path, ...(await copy(join(from, one.path), target, one.path))})
      }
    }
    return copied
  } catch (thrown) {
    if (isGone(thrown, from)) return undefined
    throw thrown
  }
}

/** The copy gets the modes and times of what was copied; folders last, since each name that is made in one changes its time. */
export function finishCopy(to: string, copied: readonly CopiedEntry[]): void {
  for (const entry of copied.toReversed()) {
    if (entry.kind === 'same') continue
    const path = pathOf(join(to, entry.path))
    const seconds = entry.modifiedMs / 1000
    if (entry.kind === 'link') lutimesSync(path, seconds, seconds)
    else {
      chmodSync(path, entry.mode)
      utimesSync(path, seconds, seconds)
    }
  }
}

/** Whether a file system error says that something in that folder is not there any more, or is something else by now. */
export function isGone(thrown: unknown, folder: string): boolean {
  const {code, path} = thrown as NodeJS.ErrnoException
  const isFault = code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR'
  return isFault && path !== undefined && String(path).startsWith(folder)
}

function refuseOutside({listed, what, from}: CopyEntries): void {
  const wrong = listed.flatMap(one => (one.kind === 'link' && one.outside !== undefined ? [one] : []))
  if (wrong.length === 0) return
  const places = wrong.slice(0, 5).map(({path, target, outside}) => {
    const way = outside === target ? '' : `, which leads to ${shownName(outside ?? '')}`
    return `${shownName(path)} there is a link to ${shownName(target)}${way}`
  })
  throw new UserError(
    `the ${what} should lie in ${from}, but ${places.join('; ')}`,
    'move what it points to into that folder, or remove the link',
  )
}
