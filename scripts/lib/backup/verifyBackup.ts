// Reads a backup back: every digest is compared, nothing is written.
import {ArchiveFault, otherBackup} from './archiveFault.ts'
import type {BackupKey} from './backupKey.ts'
import {type ReadBackup, readArchive} from './readArchive.ts'

export interface VerifyBackup {
  file: string
  /** Digest that the archive had when it was made, where that is known; it covers what no reader would notice. */
  sha256?: string
  key?: BackupKey
  signal: AbortSignal
}

export interface BackupFault {
  /** A sentence that names the first wrong entry. */
  fault: string
  remedy: string
}

/** Throws a `UserError` when there is no such file, or it cannot be opened. */
export async function verifyBackup({file, sha256, key, signal}: VerifyBackup): Promise<ReadBackup | BackupFault> {
  try {
    const read = await readArchive({file, key, signal})
    if (sha256 === undefined || sha256 === read.sha256) return read
    const fault = `${file}: its entries are whole, but the archive is not the one that was made here: other digest`
    return {fault, remedy: otherBackup}
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return {fault: thrown.message, remedy: otherBackup}
    throw thrown
  }
}
