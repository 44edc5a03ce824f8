// Where the key lies that opens encrypted backups: in a file that a variable names, never in a flag or in the fleet file.
import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {UserError} from '../errors/userError.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import type {Variables} from '../fleet/variables.ts'

export interface BackupKey {
  variable: string
  /** Absolute path of the key file; undefined where the variable is not set, as on a machine that only makes backups. */
  path: string | undefined
}

const usualVariable = 'BACKUP_KEY_FILE'

/** For backups that are plain. */
export const noKey: BackupKey = {variable: usualVariable, path: undefined}

/** Also for a fleet that encrypts no more: its earlier backups are still to be read. */
export function backupKey({encryption, folder}: Pick<Fleet, 'encryption' | 'folder'>, variables: Variables): BackupKey {
  const variable = encryption?.keyFile ?? usualVariable
  const path = variables[variable]
  return {variable, path: path === undefined || path === '' ? undefined : resolve(folder, path)}
}

/** The identities in it, as `age-keygen` writes them. Throws a `UserError`, which never holds a line of the file. */
export function readIdentities(file: string, {variable, path}: BackupKey): string[] {
  if (path === undefined)
    throw new UserError(`${file}: is encrypted, and no key is here to open it`, `${variable} names the file of the key`)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(`${variable}: should name a file with a key, ${path} cannot be read`, 'age-keygen makes one', {
      cause,
    })
  }
  const identities = text.split(/\r?\n/).filter(line => line.startsWith('AGE-SECRET-KEY-'))
  if (identities.length > 0) return identities
  throw new UserError(`${variable}: ${path} holds no line that begins with AGE-SECRET-KEY-`, 'age-keygen makes one')
}
