// Reads fleet.yaml as it stands, for who needs a name out of it: what checks it is slow to load.
import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {type Located, parseLocated} from './located.ts'
import {remembered} from './remembered.ts'

const parse = remembered((text, file) => [text, file], parseLocated)

/** The parsed file with the places of its keys, not yet checked. */
export function readFleetText(path: string): Located {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(
      `${path}: there should be a fleet file, ${(cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is none' : 'it cannot be read'}`,
      'copy templates/fleet.yaml to fleet.yaml, or name yours with --fleet PATH',
      {cause},
    )
  }
  return parse(text, basename(path))
}

// To parse the whole of it takes longer than all else before the first step.
const plainName = /^fleet: *([a-z][a-z0-9-]*) *(#.*)?$/m

/** The name that the file gives the fleet, for headings; undefined when the file cannot be read. */
export function fleetName(path: string): string | undefined {
  try {
    return plainName.exec(readFileSync(path, 'utf8'))?.[1] ?? parsedName(path)
  } catch {
    // Whoever needs the file says what is wrong with it.
    return undefined
  }
}

function parsedName(path: string): string | undefined {
  const {fleet} = readFleetText(path).value as {fleet?: unknown}
  return typeof fleet === 'string' ? fleet : undefined
}
