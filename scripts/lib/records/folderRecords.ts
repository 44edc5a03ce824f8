// The records of an environment on this host: JSON files in its root folder, each replaced in one move.
import {type Changes, unguarded} from '../files/changes.ts'
import type {Documents} from './documents.ts'
import {folderDocuments} from './folderDocuments.ts'
import {openRecords} from './openRecords.ts'
import type {Records, ReleaseRecord} from './records.ts'

/** Every method that sets or clears something does it by `changes`. */
export function folderRecords(root: string, changes: Changes = unguarded): Records {
  return recordsIn(root, folderDocuments(root, changes))
}

/** The records in documents that are opened already. */
export function recordsIn(root: string, documents: Documents): Records {
  return openRecords({documents, rollbackCommand: `sh ${root}/rollback.sh`})
}

/** What is known of every release in the environments with these root folders. */
export async function releasesIn(roots: readonly string[]): Promise<ReleaseRecord[]> {
  return (await Promise.all(roots.map(root => folderRecords(root).releases()))).flat()
}
