// What it costs a server that it is isolated: the time until its program runs, with isolate.sh and without.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {templatePath} from '../../scripts/targets/local/scripts.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import type {Measure} from '../measure.ts'
import {median} from '../median.ts'

// A start takes some tens of milliseconds, so one alone says little.
const startsPerSample = 9
const program = ['sh', '-c', 'echo up']

export const isolatedStart: Measure = {
  name: 'isolated-start',
  title: 'start of a program as an isolated server, and as it is, by turns, until its first output',
  runs: 5,
  figures: [
    {name: 'isolated-start', title: 'what isolation adds to the start of a server', unit: 's', limit: {atMost: 0.05}},
  ],
  open: async signal => {
    const root = temporaryFolder()
    return {
      sample: async () => {
        const added: number[] = []
        for (let start = 0; start < startsPerSample; start++) {
          const plainMs = await untilOutput(program, signal)
          added.push((await untilOutput(isolated(join(root.path, 'root'), start), signal)) - plainMs)
        }
        return {'isolated-start': median(added) / 1000}
      },
      [Symbol.asyncDispose]: root[Symbol.asyncDispose],
    }
  },
}

// As supervise.sh starts it, in a folder of its own.
function isolated(root: string, number: number): readonly string[] {
  const folder = join(root, 'instances', 'live', 'copies', `bench.${number}`)
  const state = join(root, 'instances', 'live', 'state', 'bench')
  const release = join(root, 'releases', 'a')
  for (const path of [join(folder, 'tmp'), join(folder, 'home'), state, release]) mkdirSync(path, {recursive: true})
  const owner = [process.getuid?.() ?? 0, process.getgid?.() ?? 0].map(String)
  const unshared = ['unshare', '--user', '--map-root-user', '--mount', '--pid', '--fork', '--kill-child']
  return [...unshared, 'sh', templatePath('isolate.sh'), folder, state, homedir(), release, '', ...owner, ...program]
}

/** Milliseconds from before the process until it has printed something; it has ended then, well. */
async function untilOutput([file = '', ...words]: readonly string[], signal: AbortSignal): Promise<number> {
  const beganAt = performance.now()
  const child = spawn(file, words, {stdio: ['ignore', 'pipe', 'pipe'], signal})
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', part => {
    complaint += part
  })
  const ended = once(child, 'close')
  const printed = once(child.stdout, 'data').then(() => performance.now() - beganAt)
  const [code] = await ended
  if (code !== 0) throw new Error(`${file} should start a program, ended with exit code ${code}: ${complaint.trim()}`)
  return printed
}
