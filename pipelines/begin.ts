// Begins a run whose steps a workflow plays: names it, writes its first entry, and hands its name on to the steps.

import {readFlags} from '../scripts/lib/cli/flags.ts'
import {program} from '../scripts/lib/cli/program.ts'
import {UserError} from '../scripts/lib/errors/userError.ts'
import {handOn} from '../scripts/lib/github/handOn.ts'
import {runVariable} from '../scripts/lib/step/endOrphans.ts'
import {beginPipeline} from './beginPipeline.ts'
import {pipelineFlags} from './chosenPipeline.ts'

await program(async () => {
  const flags = readFlags(process.argv.slice(2), process.env, pipelineFlags, 9)
  // The steps are written into the workflow already, so that a variable cannot choose others any more.
  if (process.env.DRY_RUN !== undefined && process.env.DRY_RUN !== '')
    throw new UserError(
      `DRY_RUN=${process.env.DRY_RUN} chooses between pipelines, and this workflow plays ${flags.words[0] ?? 'none'} only`,
      'unset it; the workflow staging is the dry run',
    )
  const {pipeline, run} = beginPipeline(flags, process.env)
  handOn('GITHUB_ENV', {[runVariable]: run}, process.env)
  handOn('GITHUB_OUTPUT', {run}, process.env)
  console.log(`${pipeline.title}  ${flags.environment} · run ${run}`)
  return undefined
})
