// Runs a program that only looks: no run, no journal; expected faults without a stack, and the exit code.

import {exitCode} from '../errors/exitCode.ts'
import {explain} from '../errors/explain.ts'
import {restrictNewFiles} from '../files/ownerOnly.ts'
import {endInTime} from './endInTime.ts'
import {HelpAsked} from './flags.ts'
import {givenAt} from './nextCommand.ts'
import {outliveReaders} from './outliveReaders.ts'
import {printed} from './printed.ts'

/** Sets the exit code to what the body returns, or to 2 when it throws. `evenUnprinted` is for what must go on without its output. */
export async function program(
  body: () => Promise<number | undefined>,
  reading: {evenUnprinted?: boolean} = {},
): Promise<void> {
  restrictNewFiles()
  // `pnpm logs memory | head` closes the pipe before we are done, which is no fault.
  outliveReaders(reading)
  try {
    process.exitCode = (await body()) ?? exitCode.good
  } catch (thrown) {
    if (thrown instanceof HelpAsked) {
      console.log(thrown.message)
      return
    }
    console.error(printed(explain(thrown), givenAt(process.argv.slice(2), process.env)))
    process.exitCode = exitCode.unjudged
  } finally {
    endInTime()
  }
}
