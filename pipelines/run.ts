// Runs a pipeline: every step as a process of its own, shown by listr2, judged by its journal.
import {styleText} from 'node:util'
import {readFlags} from '../scripts/lib/cli/flags.ts'
import {program} from '../scripts/lib/cli/program.ts'
import {gitHubNotTold} from '../scripts/lib/notify/wanted.ts'
import {startPacking} from '../scripts/lib/startup/startPacking.ts'
import {beginPipeline} from './beginPipeline.ts'
import {pipelineFlags} from './chosenPipeline.ts'
import {runSteps} from './runSteps.ts'
import {leavesOut, wantedSteps} from './wantedSteps.ts'

const play = async (): Promise<number> => {
  const flags = readFlags(process.argv.slice(2), process.env, pipelineFlags, 9)
  const {pipeline: whole, run, journal} = beginPipeline(flags, process.env)
  const pipeline = wantedSteps(whole, flags, process.env)
  if (!flags.json) console.log(`${styleText('bold', pipeline.title)}  ${flags.environment} · run ${run}`)
  // On one's own machine nobody expects it.
  if (process.env.CI && !flags.json && leavesOut(whole, pipeline, 'GitHub'))
    console.log(styleText('dim', gitHubNotTold))
  const endPacking = startPacking()
  try {
    return await runSteps({pipeline, run, journal, flags})
  } finally {
    endPacking()
  }
}

// A disk that is full where its output goes must not end it half-way through a change of live.
await program(play, {evenUnprinted: true})
