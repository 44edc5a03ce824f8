// The variables that a fleet file may refer to: the process's environment over the environment's own file.
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {readIfThere} from '../files/ifThere.ts'
import {parseEnvFile} from './parseEnvFile.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** Reads `.env.<environment>` beside the fleet file, where there is one; what the shell exports wins. Throws a `UserError`. */
export function readVariables(folder: string, environment: string, exported: Variables): Variables {
  const path = join(folder, `.env.${environment}`)
  return {...parseEnvFile(textOf(path), path), ...exported}
}

function textOf(path: string): string {
  try {
    return readIfThere(path) ?? ''
  } catch (cause) {
    throw new UserError(
      `${path}: should be a file with variables, it cannot be read: ${(cause as NodeJS.ErrnoException).code}`,
      `see what it is and whose: ls -ld ${path}`,
      {cause},
    )
  }
}
