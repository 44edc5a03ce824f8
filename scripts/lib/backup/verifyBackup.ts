// Reads a backup back: every digest is compared, nothing is written.
import {ArchiveFault} from './archiveFault.ts'
import type {BackupKey} from './backupKey.ts'
import {type ReadBackup, readArchive} from './readArchive.ts'

export interface VerifyBackup {
  file: string
  /** Digest that the archive had when it was made, where that is known; it covers what no reader would notice. */
  sha256?: string
  key?: BackupKey
  signal: AbortSignal
}

/** `fault` is a sentence that names the first wrong entry. Throws a `UserError` when there is no such file. */
export async function verifyBackup({file, sha256, key, signal}: VerifyBackup): Promise<ReadBackup | {fault: string}> {
  try {
    const read = await readArchive({file, key, signal})
    if (sha256 === undefined || sha256 === read.sha256) return read
    return {fault: `${file}: its entries are whole, but the archive is not the one that was made here: other digest`}
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return {fault: thrown.message}
    throw thrown
  }
}
