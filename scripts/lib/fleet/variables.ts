// The variables that a fleet file may refer to: the process's environment over the environment's own file.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseEnv} from 'node:util'

export type Variables = Readonly<Record<string, string | undefined>>

/** Reads `.env.<environment>` beside the fleet file, where there is one; what the shell exports wins. */
export function readVariables(folder: string, environment: string, exported: Variables): Variables {
  return {...envFile(join(folder, `.env.${environment}`)), ...exported}
}

function envFile(path: string): Record<string, string> {
  try {
    return parseEnv(readFileSync(path, 'utf8')) as Record<string, string>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
