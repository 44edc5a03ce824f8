// Replaces a file in one move, so that a reader or a crash sees the old text or the new one, never a half.
import {closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'

/** Of files that are committed: who else works in the checkout reads them. */
export const checkoutMode = 0o644

/**
 * Gives the file exactly that mode, whatever the umask. Writes next to the file, or in the folder `by` on the
 * same file system, syncs, renames, syncs the folder. Throws what the file system says; nothing half-written stays.
 */
export function writeAtomically(path: string, text: string, mode = 0o600, by = dirname(path)): void {
  const folder = dirname(path)
  mkdirSync(folder, {recursive: true})
  const temporary = join(by, `${basename(path)}.${process.pid}.new`)
  try {
    const file = openSync(temporary, 'w', mode)
    try {
      fchmodSync(file, mode)
      // writeSync would not tell that a full disk took only half.
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  }
  syncFolder(folder)
}

// A rename survives a power cut only when the folder that holds the name is on the disk too.
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
