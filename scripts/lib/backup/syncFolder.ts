// Puts the names in a folder onto the disk: a rename survives a power cut only then.
import {closeSync, fsyncSync, openSync} from 'node:fs'

export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
