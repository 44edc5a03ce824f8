// The command that a person types next, complete with the environment and the fleet file as they were given.

/** What the command that is running was given; a command that it names must act on the same. */
export interface Given {
  environment: string
  fleetPath: string
  /** Set where variables name what is taken without flags: then each command names both. */
  isExplicit?: true
}

type Variables = Readonly<Record<string, string | undefined>>

// Their lines in package.json name the environment. What production needs to be rehearsed is rehearsed in staging.
const namingTheirOwn = ['deploy:staging', 'deploy:production', 'contracts', 'drill']

/** Commands of package.json that work on a fleet; the others take neither flag. */
const fleetCommands = [
  ...namingTheirOwn,
  ...['backup', 'backup:verify', 'backups', 'build', 'cleanup', 'fleet:check', 'fleet:lock', 'health', 'logs', 'plan'],
  ...['releases', 'report', 'restart', 'resume', 'rollback', 'start', 'status', 'stop', 'unlock', 'verify'],
]

const named = new RegExp(
  `\\bpnpm (${fleetCommands.toSorted((a, b) => b.length - a.length).join('|')})(?![\\w:-])([^\\n\`;]*)`,
  'g',
)

/** `pnpm resume --env production --fleet ../mine/fleet.yaml`, with what follows the command after that. */
export function nextCommand(command: string, given: Given, ...following: string[]): string {
  return ['pnpm', command, ...flagsFor(command, given), ...following].join(' ')
}

/** The deploy of an environment, which has a command of its own only where it is called production. */
export function deployCommand(given: Given, ...following: string[]): string {
  return nextCommand('deploy:production', given, ...following)
}

/** What to run again after a run of that environment: its rehearsal, or its deploy where only that has its name. */
export function runAgainCommand(given: Given, ...following: string[]): string {
  const command = given.environment === 'production' ? 'deploy:production' : 'deploy:staging'
  return nextCommand(command, given, ...following)
}

/** The text with every command in it completed that does not say for itself what it acts on. */
export function completeCommands(text: string, given: Given): string {
  if (!text.includes('pnpm ')) return text
  return text.replace(named, (_, command: string, rest: string) => {
    // Up to where the next command begins, which is completed in its turn.
    const [own = '', ...more] = rest.split(/(?=\bpnpm )/)
    const missing = flagPairs(command, given).filter(([flag]) => !new RegExp(`(^|\\s)${flag}[ =]`).test(own))
    const flags = missing.map(([flag, value]) => ` ${flag} ${value}`).join('')
    return `pnpm ${command}${flags}${own}${completeCommands(more.join(''), given)}`
  })
}

/** What a command line names, also one with other faults. */
export function givenAt(argv: readonly string[], variables: Variables): Given {
  const after = (flag: string) =>
    argv.flatMap((word, index) => {
      if (word.startsWith(`${flag}=`)) return word.slice(flag.length + 1)
      return word === flag ? (argv[index + 1] ?? []) : []
    })
  return {
    environment: after('--env').at(-1) ?? variables.SEAWORTHY_ENV ?? 'staging',
    fleetPath: after('--fleet').at(-1) ?? variables.SEAWORTHY_FLEET ?? 'fleet.yaml',
    ...explicitBy(variables),
  }
}

/** Whether commands must name both, since without flags they would take what variables name. */
export function explicitBy({SEAWORTHY_ENV, SEAWORTHY_FLEET}: Variables): Pick<Given, 'isExplicit'> {
  return SEAWORTHY_ENV === undefined && SEAWORTHY_FLEET === undefined ? {} : {isExplicit: true}
}

function flagsFor(command: string, given: Given): string[] {
  return flagPairs(command, given).flat()
}

function flagPairs(command: string, {environment, fleetPath, isExplicit}: Given): [flag: string, value: string][] {
  const hasOwn = namingTheirOwn.includes(command) && ['staging', 'production'].includes(environment)
  const environmentFlag = ['--env', quoted(environment)] as [string, string]
  const fleetFlag = ['--fleet', quoted(fleetPath)] as [string, string]
  return [
    ...(hasOwn || (environment === 'staging' && !isExplicit) ? [] : [environmentFlag]),
    ...(fleetPath === 'fleet.yaml' && !isExplicit ? [] : [fleetFlag]),
  ]
}

// As a POSIX shell takes it for one argument.
function quoted(value: string): string {
  return /^[\w./:@%+=,~-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}
