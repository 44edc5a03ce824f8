// Runs several Node processes at the same time, and gives how each ended and what it printed.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'

export interface Ended {
  exitCode: number | null
  output: string
}

/** One process for each list of words after `node`. */
export function runAll(words: readonly string[][]): Promise<Ended[]> {
  return Promise.all(
    words.map(async one => {
      const child = spawn(process.execPath, one, {stdio: ['ignore', 'pipe', 'inherit']})
      const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')])
      return {exitCode, output}
    }),
  )
}
