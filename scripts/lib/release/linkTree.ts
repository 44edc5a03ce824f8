// Puts the entries of a folder into another one: as hard links on the same file system, otherwise as copies.
import {constants, copyFileSync, linkSync, mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {treeEntries} from './tree.ts'

export interface LinkTree {
  from: string
  to: string
  signal: AbortSignal
  /** Names that are not entered. */
  keep?: (name: string) => boolean
  /** `copy` for files that somebody may go on changing: a hard link would change with them. */
  by?: 'link' | 'copy'
}

export async function linkTree({from, to, signal, keep, by = 'link'}: LinkTree): Promise<void> {
  mkdirSync(to, {recursive: true})
  const place = by === 'link' ? linkOrCopy : copy
  for (const [index, entry] of treeEntries(from, keep).entries()) {
    const target = join(to, entry.path)
    if (entry.kind === 'folder') mkdirSync(target)
    else if (entry.kind === 'link') symlinkSync(entry.target, target)
    else place(join(from, entry.path), target)
    if (index % 256 === 0) await setImmediate()
    signal.throwIfAborted()
  }
}

/** Hard links a file, or copies it where a link cannot be. */
export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (thrown) {
    const {code} = thrown as NodeJS.ErrnoException
    if (!noLink.has(code ?? '')) throw thrown
    copy(from, to)
  }
}

// Another file system, one without hard links, too many links to one file, or a file that is not ours to link.
const noLink = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'EACCES', 'ENOSYS'])

function copy(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
}
