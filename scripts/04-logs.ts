// Prints the last lines that a server wrote, secrets taken out: `pnpm logs SERVER`.

import {harmless} from './lib/cli/printed.ts'
import {UserError} from './lib/errors/userError.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {looking} from './lib/step/looking.ts'
import {nearest} from './lib/text/nearest.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await looking(
  {targets: targetNames, phases: phaseNames, flags: {lines: {type: 'string'}}, words: 1},
  async ({fleet, flags, documents, shell, redact}) => {
    const instance = await readInstance(documents, fleet.root, 'live')
    if (instance === undefined)
      throw new UserError(
        `nothing is live in ${fleet.environment}, so nothing is written`,
        'the logs of a rehearsal that failed are in its report: pnpm report',
      )
    const known = ['ingress', ...instance.servers.map(server => server.name)]
    const [name = ''] = flags.words
    if (!known.includes(name))
      throw new UserError(
        name === '' ? 'name a server' : `there is no server ${name}`,
        `${nearest(name, known)}known: ${known.join(', ')}`,
      )
    const lines = Number(flags.own.lines ?? 100)
    if (!Number.isInteger(lines) || lines < 1)
      throw new UserError(`--lines: should be a whole number, at least 1, got ${flags.own.lines}`)
    const text = await shell.run(targetOf(fleet.target).logs(instance, name, lines))
    process.stdout.write(harmless(redact(text)))
    return undefined
  },
)
