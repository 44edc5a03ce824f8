// Measures Seaworthy against the limits it set itself: `pnpm bench [NAME…] [--runs N]`. All measures together are kept.
import {resolve} from 'node:path'
import {cancellation} from '../scripts/lib/cli/cancellation.ts'
import {program} from '../scripts/lib/cli/program.ts'
import {exitCode} from '../scripts/lib/errors/exitCode.ts'
import {explain} from '../scripts/lib/errors/explain.ts'
import {writeAtomically} from '../scripts/lib/files/writeAtomically.ts'
import {chooseMeasures} from './chooseMeasures.ts'
import {type FigureResult, measured, unmeasured} from './figureResult.ts'
import {markdownTable} from './markdownTable.ts'
import type {Measure} from './measure.ts'
import {measures} from './measures/index.ts'
import {readWords} from './readWords.ts'
import {resultsOf} from './results.ts'
import {takeSamples} from './takeSamples.ts'

const folder = resolve(import.meta.dirname, '..')
const keptAt = resolve(import.meta.dirname, 'results.json')

await program(async () => {
  const {names, runs} = readWords(process.argv.slice(2))
  const chosen = chooseMeasures(measures, names)
  const {signal, dispose} = cancellation()
  const began = new Date()
  const results: FigureResult[] = []
  try {
    for (const measure of chosen) {
      console.error(`${measure.name}: ${measure.title}`)
      results.push(...(await resultsOfOne(measure, runs ?? measure.runs, signal)))
      if (signal.aborted) return exitCode.cancelled
    }
  } finally {
    dispose()
  }
  process.stdout.write(markdownTable(results))
  // Numbers of different days or machines side by side would be no evidence, so only a whole bench is kept.
  if (chosen.length === measures.length) {
    writeAtomically(keptAt, `${JSON.stringify(resultsOf(began, folder, results), null, 2)}\n`)
    console.error(`kept in ${keptAt}`)
  } else console.error('not kept: only a bench of all measures is written to bench/results.json')
  if (results.some(result => 'fault' in result)) return exitCode.unjudged
  return results.every(result => result.ok) ? exitCode.good : exitCode.bad
})

async function resultsOfOne(measure: Measure, runs: number, signal: AbortSignal): Promise<FigureResult[]> {
  try {
    const samples = await takeSamples(measure, runs, signal, (title, sample) =>
      console.error(
        `  ${title}: ${Object.values(sample)
          .map(number => number.toFixed(3))
          .join(' ')}`,
      ),
    )
    return measured(measure, samples)
  } catch (thrown) {
    console.error(explain(thrown))
    // Without the stack, which has paths of this machine.
    return unmeasured(measure, thrown instanceof Error ? thrown.message : String(thrown))
  }
}
