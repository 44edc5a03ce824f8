// Climbs the health ladder of every server, from inside and through the ingress.
import {step} from './lib/step.ts'
import {phaseNames, phasesOf} from './phases/index.ts'
import {runPhases} from './phases/runPhases.ts'
import {targetNames, targetOf} from './targets/index.ts'

const judges = () => phasesOf(['reachability', 'health'])

await step({name: '70-health', targets: targetNames, phases: phaseNames, warmUp: judges}, async context =>
  runPhases(context, targetOf(context.fleet.target), await judges()),
)
