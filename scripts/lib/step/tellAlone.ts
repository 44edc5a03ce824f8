// Tells others how a step ended that was a run of its own, such as a rollback at a shell: by the programs of a pipeline.
import {spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import type {Flags} from '../cli/flags.ts'
import {isWanted, type Tells} from '../notify/wanted.ts'

const programs: readonly [tells: Tells, name: string][] = [
  ['GitHub', '92-github'],
  ['people', '94-notify'],
]

/** In this order, each to its end, which has no effect on ours. */
export async function tellAlone({fleetPath, environment, json}: Flags, run: string): Promise<void> {
  for (const [tells, name] of programs) {
    if (!isWanted(tells, fleetPath, environment, process.env)) continue
    const file = fileURLToPath(new URL(`../../${name}.ts`, import.meta.url))
    const words = ['--env', environment, '--fleet', fleetPath, '--run', run, ...(json ? ['--json'] : [])]
    await ended(
      spawn(process.execPath, [...process.execArgv, file, ...words], {stdio: ['ignore', 'inherit', 'inherit']}),
    )
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise(resolve => {
    child.on('error', () => resolve())
    child.on('close', () => resolve())
  })
}
