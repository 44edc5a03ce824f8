// Climbs the health ladder of every server, from inside and through the ingress.
import {step} from './lib/step.ts'
import {phaseNames, phasesOf} from './phases/index.ts'
import {runPhases} from './phases/runPhases.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step({name: '70-health', targets: targetNames, phases: phaseNames}, context =>
  runPhases(context, targetOf(context.fleet.target), phasesOf(['reachability', 'health'])),
)
