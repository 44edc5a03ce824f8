// The flags of every step, named once.
import {parseArgs} from 'node:util'
import {UserError} from '../errors/userError.ts'
import {nearest} from '../text/nearest.ts'
import {explicitBy, type Given} from './nextCommand.ts'

export interface Flags extends Given {
  /** Set when the step belongs to a run that already began. */
  run: string | undefined
  servers: string[]
  phases: string[]
  json: boolean
  /** Words that are no flags: `pnpm logs SERVER`. */
  words: string[]
  /** Flags of this one program, beside the common ones. */
  own: Record<string, string | boolean | undefined>
}

const common = {
  env: {type: 'string'},
  fleet: {type: 'string'},
  run: {type: 'string'},
  server: {type: 'string', multiple: true},
  phase: {type: 'string', multiple: true},
  json: {type: 'boolean'},
  help: {type: 'boolean', short: 'h'},
} as const

/** Thrown for --help, which is no fault: its message is what the command takes. */
export class HelpAsked extends Error {
  constructor(own: readonly string[], about?: string) {
    super(
      [
        ...(about === undefined ? [] : [about, '']),
        '--env NAME      environment of the fleet file (staging)',
        '--fleet PATH    the fleet file (fleet.yaml)',
        '--run RUN       an earlier run to go on with or to read',
        '--server NAME   only this server; may be repeated, or name several with commas',
        '--phase NAME    only this phase; the same',
        '--json          entries as JSON, one a line',
        ...own.map(name => `--${name}`),
      ].join('\n'),
    )
    this.name = 'HelpAsked'
  }
}

export type OwnFlags = Readonly<Record<string, {type: 'string' | 'boolean'}>>

/** Reads the words after the program's name. An unknown flag is a fault that lists the known ones. `about` heads what --help prints. */
export function readFlags(
  argv: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  own: OwnFlags = {},
  wordsAtMost = 0,
  about?: string,
): Flags {
  const options = {...common, ...own}
  const known = Object.keys(options).map(name => `--${name}`)
  const unknown = argv.find(word => word.startsWith('--') && word !== '--' && !known.includes(word.split('=')[0] ?? ''))
  if (unknown !== undefined) {
    throw new UserError(`${unknown} is no flag of this command`, `${nearest(unknown, known)}known: ${known.join(' ')}`)
  }
  const {values, positionals} = parse(argv, options)
  // A word that would be ignored was meant for something: `rollback production` is not `rollback --env production`.
  const surplus = positionals[wordsAtMost]
  if (surplus !== undefined && values.help !== true) {
    throw new UserError(`${surplus} is one word too many`, 'an environment is named by --env, a server by --server')
  }
  if (values.help === true) throw new HelpAsked(Object.keys(own), about)
  const run = values.run as string | undefined
  // A run is a folder's name; anything else would lead out of the folder of runs.
  if (run !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(run))
    throw new UserError(`--run: should be the name of a run, got ${run}`, 'the folders in .runs are named so')
  const list = (value: unknown) =>
    ((value as string[] | undefined) ?? []).flatMap(item => item.split(',')).filter(item => item !== '')
  return {
    environment: (values.env as string | undefined) ?? variables.SEAWORTHY_ENV ?? 'staging',
    fleetPath: (values.fleet as string | undefined) ?? variables.SEAWORTHY_FLEET ?? 'fleet.yaml',
    ...explicitBy(variables),
    run,
    servers: list(values.server),
    phases: list(values.phase),
    json: values.json === true,
    words: positionals,
    own: Object.fromEntries(Object.keys(own).map(name => [name, values[name] as string | boolean | undefined])),
  }
}

function parse(
  argv: readonly string[],
  options: Record<string, {type: 'string' | 'boolean'; multiple?: boolean; short?: string}>,
) {
  try {
    return parseArgs({args: [...argv], options, allowPositionals: true})
  } catch (cause) {
    throw new UserError(
      (cause as Error).message,
      `write ${Object.keys(options)
        .map(name => `--${name}`)
        .join(' ')}`,
      {cause},
    )
  }
}
