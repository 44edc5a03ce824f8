// Scores the phases against every mutant: `pnpm test:mutants [--repeat N] [--only NAME]… [--phase NAME]…`.
import {readFileSync} from 'node:fs'
import {availableParallelism} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {cancellation} from '../../scripts/lib/cli/cancellation.ts'
import {program} from '../../scripts/lib/cli/program.ts'
import {exitCode} from '../../scripts/lib/errors/exitCode.ts'
import {UserError} from '../../scripts/lib/errors/userError.ts'
import {checkoutMode, writeAtomically} from '../../scripts/lib/files/writeAtomically.ts'
import {phasesOf} from '../../scripts/phases/index.ts'
import {mutants} from './list/index.ts'
import {isGood} from './score.ts'
import {scoreMutants} from './scoreMutants.ts'
import {scorePage, wrongLine} from './scoreTable.ts'
import {project} from './subjects.ts'

const page = join(project, 'docs', 'mutation-score.md')

await program(async () => {
  const {values} = parseArgs({
    options: {
      repeat: {type: 'string', default: '1'},
      only: {type: 'string', multiple: true, default: []},
      phase: {type: 'string', multiple: true, default: []},
    },
  })
  const repeat = Number(values.repeat)
  if (!Number.isInteger(repeat) || repeat < 1)
    throw new UserError(`--repeat: should be a whole number from 1 on, got ${values.repeat}`, 'such as --repeat 20')
  await phasesOf(values.phase)
  const unknown = values.only.filter(name => !mutants.some(mutant => mutant.name === name))
  if (unknown.length > 0)
    throw new UserError(`--only: there is no mutant ${unknown.join(', ')}`, 'tests/mutants/list has their names')
  const whole = values.only.length === 0 && values.phase.length === 0
  const chosen = values.only.length === 0 ? mutants : mutants.filter(({name}) => values.only.includes(name))
  const {signal, dispose} = cancellation()
  const began = new Date()
  try {
    const all = await scoreMutants({
      mutants: chosen,
      // A claim that holds once holds; that nothing raises an alarm is shown by asking again and again.
      repeat: mutant => (mutant.kind === 'harmless' || !whole ? repeat : 1),
      only: values.phase,
      signal,
      told: scored => {
        const seconds = scored.ms.map(ms => Object.values(ms).reduce((sum, one) => sum + one, 0) / 1000)
        const mark = isGood(scored) ? '✓' : '✗'
        console.log(
          `${mark} ${scored.mutant.name} (${scored.mutant.subject}) ${seconds.map(one => one.toFixed(1)).join(' ')} s`,
        )
        if (isGood(scored)) return
        console.log(`  ${wrongLine(scored)}`)
        for (const [check, said] of scored.said) console.log(`  ${check} ${said}`)
      },
    })
    if (signal.aborted) return exitCode.cancelled
    const about = {
      date: began.toISOString().slice(0, 10),
      version: JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).version,
      node: process.version,
      processors: availableParallelism(),
      minutes: (Date.now() - began.getTime()) / 60_000,
    }
    if (whole) writeAtomically(page, scorePage(all, about), checkoutMode)
    console.log(whole ? `written to ${page}` : 'not written: only a run of all mutants is')
    if (all.some(({fault}) => fault !== undefined)) return exitCode.unjudged
    return all.every(isGood) ? exitCode.good : exitCode.bad
  } catch (thrown) {
    if (signal.aborted) return exitCode.cancelled
    throw thrown
  } finally {
    dispose()
  }
})
