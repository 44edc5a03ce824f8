// Climbs the health ladder of every server, from inside and through the ingress.
import {step} from './lib/step/step.ts'
import {phaseNames, phasesOf} from './phases/index.ts'
import {runPhases} from './phases/runPhases.ts'
import {warmClients} from './phases/warmClients.ts'
import {targetNames, targetOf} from './targets/index.ts'

const judges = () => phasesOf(['reachability', 'health'])
const warmUp = () => Promise.all([judges(), warmClients()])

await step({name: '70-health', targets: targetNames, phases: phaseNames, warmUp}, async context =>
  runPhases(context, targetOf(context.fleet.target), await judges()),
)
