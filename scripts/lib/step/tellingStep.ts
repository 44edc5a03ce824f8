// A step that tells others: without anybody to tell it does nothing, and whatever comes of it, the run is not judged by it.
import {type Flags, type OwnFlags, readFlags} from '../cli/flags.ts'
import {gitHubNotTold, isWanted, type Tells} from '../notify/wanted.ts'
import {type JournaledContext, journaledStep} from './journaledStep.ts'

export interface TellingDefinition {
  name: string
  tells: Tells
  flags?: OwnFlags
}

/** Sets the exit code 0, or 130 when it was cancelled; never throws. */
export async function tellingStep(
  {name, tells, flags}: TellingDefinition,
  body: (context: JournaledContext) => Promise<void>,
): Promise<void> {
  const given = readable(flags)
  if (given !== undefined && !isWanted(tells, given.fleetPath, given.environment, process.env)) {
    if (!given.json)
      console.log(
        tells === 'GitHub'
          ? gitHubNotTold
          : `nobody is told in ${given.environment}: the fleet file has no notify there`,
      )
    return
  }
  await journaledStep({name, flags, evenUnrecorded: true}, async context => {
    await body(context)
    return undefined
  })
}

// A flag that is wrong is told by the step itself, in the usual form.
function readable(own: OwnFlags | undefined): Flags | undefined {
  try {
    return readFlags(process.argv.slice(2), process.env, own)
  } catch {
    // The step itself reads the flags again.
    return undefined
  }
}
