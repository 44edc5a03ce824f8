// Copies one file as fast as the system can, without a digest, for the moment in which its writer is held still.
import {closeSync, constants, copyFileSync, fchmodSync, fstatSync, futimesSync, openSync} from 'node:fs'
import {pathOf} from '../files/byteName.ts'
import {type CopiedFile, copyHoley, hasHoles} from './copyFile.ts'

/** Its digest is still to be taken, and is empty. `to` must not be there yet. */
export async function quickCopy(from: string, to: string): Promise<CopiedFile> {
  const source = openSync(pathOf(from), constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const {mode, mtimeMs, size} = fstatSync(source)
    const holes = hasHoles(source)
    // A clone where the file system can: it takes no time, however large the file is.
    if (!holes) copyFileSync(pathOf(from), pathOf(to), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    const target = openSync(pathOf(to), holes ? 'wx' : 'r+', 0o600)
    try {
      const storedBytes = holes ? copyHoley(source, target) : undefined
      fchmodSync(target, (mode & 0o777) | 0o400)
      futimesSync(target, mtimeMs / 1000, mtimeMs / 1000)
      const copied = {bytes: size, sha256: '', mode: mode & 0o777, modifiedMs: mtimeMs}
      return storedBytes === undefined ? copied : {...copied, storedBytes}
    } finally {
      closeSync(target)
    }
  } finally {
    closeSync(source)
  }
}
