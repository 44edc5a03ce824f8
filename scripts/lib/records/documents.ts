// What an environment remembers, as documents by key: the contract that a folder of a host, and whatever else keeps them, fulfils.
import {UserError} from '../errors/userError.ts'

export interface Document {
  text: string
  /** Opaque. It differs from that of any other text that the document had. */
  version: string
}

/** Changes take effect in the order in which they are called for. */
export interface Documents {
  /** What messages call the document, in a form that a person can look up, such as its path. */
  place: (key: string) => string
  /** The command by which a person takes the document away. */
  removal: (key: string) => string
  /** Undefined when there is none. Rejects when it cannot be found out: what cannot be read is never absent. */
  read: (key: string) => Promise<Document | undefined>
  /**
   * The keys, sorted, of the documents right in a folder of keys: `''` for the top, `records/` for another. Empty when it has
   * none. Rejects when it cannot be read.
   */
  list: (folder: string) => Promise<string[]>
  /**
   * Replaces the text in one step: a reader or a crash finds the old text or the new one. Rejects, with nothing changed, with
   * a `VersionConflict` when `ifVersion` is not the version that is there, and with a `LeaseLost` when another run may be at work.
   */
  write: (key: string, text: string, options?: WriteOptions) => Promise<void>
  /** Nothing happens when there is none. Rejects with a `LeaseLost`, with nothing changed, when another run may be at work. */
  remove: (key: string) => Promise<void>
}

export interface WriteOptions {
  /** The version that was read; null when there was no document. Without it, whatever is there is replaced. */
  ifVersion?: string | null
}

/** A document was changed after it was read. */
export class VersionConflict extends UserError {
  constructor(place: string, expected: string | null, found: string | undefined) {
    super(
      `${place}: should have version ${expected ?? 'none'}, has version ${found ?? 'none'}: it was changed after it was read`,
      'pnpm status says who is at work and what is live; then run the command again',
    )
    this.name = 'VersionConflict'
  }
}

/** Throws a `VersionConflict` when the version that is there is not the one that a writer expects. */
export function checkVersion(place: string, {ifVersion}: WriteOptions, found: string | undefined): void {
  if (ifVersion !== undefined && (found ?? null) !== ifVersion) throw new VersionConflict(place, ifVersion, found)
}

/** Whether a text is a key, as `checkKey` wants it. */
export function isKey(text: string): boolean {
  return /^(\w[\w.-]*\/)*\w[\w.-]*\.json$/.test(text)
}

/** Throws for what is no key: parts of letters, digits, `.`, `_` and `-`, which begin with no dot, the last one ending in `.json`. */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new Error(`"${key}" is no key of a document`)
}

/** Throws for what is no folder of keys: `''`, or parts as those of a key, each followed by a slash. */
export function checkFolder(folder: string): void {
  if (!/^(\w[\w.-]*\/)*$/.test(folder)) throw new Error(`"${folder}" is no folder of keys`)
}
