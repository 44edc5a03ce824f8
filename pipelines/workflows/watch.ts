// watch.yml: checks the live release, on a schedule where the fleet file asks for it, less often as the release grows older.
import {commandLine} from './commandLine.ts'
import {pipelineSteps, type WorkflowFleet} from './pipelineSteps.ts'
import {prepareSteps} from './prepareSteps.ts'
import {bash, inEnvironment, ownRunner, type Workflow} from './workflow.ts'

/** `scheduled` is false for a fleet without a machine to watch: 48 runs a day would only be skipped. */
export function watch(fleet: WorkflowFleet, scheduled: boolean): Workflow {
  return {
    name: 'watch',
    on: {
      // Not on the hour, when GitHub has most to start and starts late.
      ...(scheduled && {schedule: [{cron: '7,37 * * * *'}]}),
      workflow_dispatch: {},
    },
    permissions: {},
    concurrency: {group: 'watch', 'cancel-in-progress': false},
    defaults: bash,
    jobs: {
      production: {
        name: 'Look after production',
        if: "vars.SEAWORTHY_RUNNER != ''",
        'runs-on': ownRunner,
        environment: inEnvironment('watch'),
        'timeout-minutes': 20,
        permissions: {contents: 'read', issues: 'write'},
        steps: [
          ...prepareSteps(),
          {
            name: 'Say whether it is time for a look',
            id: 'due',
            run: commandLine('scripts/09-due.ts', ['--env', 'production', '--fleet', fleet.fleetPath]),
          },
          ...pipelineSteps({
            pipeline: 'watch',
            environment: 'production',
            fleet,
            // A manual start always checks.
            when: "success() && (steps.due.outputs.due == 'yes' || github.event_name == 'workflow_dispatch')",
          }),
        ],
      },
    },
  }
}
