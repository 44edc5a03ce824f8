// A backup that is not what it says of itself, with the first entry that is wrong.

import {UserError} from '../errors/userError.ts'
import {oneLine} from '../text/foreignText.ts'

/** Another backup may do; this one is as it is. */
export const otherBackup =
  'use another backup: pnpm backups lists them, pnpm backup:verify FILE says whether one is whole'

export class ArchiveFault extends UserError {
  /** Path in the archive of the first wrong entry. */
  readonly entry: string

  constructor(file: string, entry: string, what: string, options?: ErrorOptions) {
    // Names and values in it are those of whoever made the archive.
    super(`${file}: ${oneLine(`${entry} ${what}`)}`, otherBackup, options)
    this.name = 'ArchiveFault'
    this.entry = entry
  }
}
