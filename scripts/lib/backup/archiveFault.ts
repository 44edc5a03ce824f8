// A backup that is not what it says of itself, with the first entry that is wrong.
import {UserError} from '../userError.ts'

export class ArchiveFault extends UserError {
  /** Path in the archive of the first wrong entry. */
  readonly entry: string

  constructor(file: string, entry: string, what: string, options?: ErrorOptions) {
    super(`${file}: ${entry} ${what}`, 'take another backup: pnpm backup:verify FILE says which are whole', options)
    this.name = 'ArchiveFault'
    this.entry = entry
  }
}
