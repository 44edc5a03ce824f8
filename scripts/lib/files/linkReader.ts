// Reads links below a folder, for whoever follows them without leaving it.
import {readlinkSync} from 'node:fs'
import {join} from 'node:path'
import {nameOf, pathOf} from './byteName.ts'

/** What the link at a path below the folder says; undefined where no link is. Throws where that cannot be found out. */
export function linkReader(folder: string): (path: string) => string | undefined {
  return path => {
    try {
      return nameOf(readlinkSync(pathOf(join(folder, path)), 'buffer'))
    } catch (thrown) {
      if (notALink.has((thrown as NodeJS.ErrnoException).code ?? '')) return undefined
      throw thrown
    }
  }
}

// No link, nothing there, a file on the way to it, or a name that no file can have: some programs keep a text in a link.
const notALink = new Set(['EINVAL', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])
