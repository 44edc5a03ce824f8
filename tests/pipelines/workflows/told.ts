// What must be the same in two journals of one pipeline, whoever played it: the plan, the steps with their ends, the checks.
import {entriesOf} from '../../../scripts/lib/journal/facts.ts'
import type {Rig} from '../../rig.ts'

/** Of the newest run of that rig. */
export function told(rig: Rig) {
  const entries = rig.journal()
  const [began] = entriesOf(entries, 'run')
  return {
    began: [began?.pipeline, began?.environment, began?.fleet, began?.steps],
    steps: entriesOf(entries, 'step').map(({step, state, verdict, exitCode, cancelled}) =>
      [step, state, verdict, exitCode, cancelled].join(' '),
    ),
    // Servers are looked at side by side, so that their order is chance.
    checks: rig
      .checks()
      .map(({check, server, verdict}) => [check, server, verdict].join(' '))
      .sort(),
  }
}
