// production.yml: deploys what was rehearsed, after a person agreed, one deploy after another.
import {commandLine} from './commandLine.ts'
import {pipelineSteps, type WorkflowFleet} from './pipelineSteps.ts'
import {prepareSteps} from './prepareSteps.ts'
import {bash, inEnvironment, ownRunner, type Workflow} from './workflow.ts'

const rehearsed = "github.event.workflow_run.conclusion == 'success' && github.event.workflow_run.event == 'push'"

// A fork has no machine to deploy to until it says so; a deploy that only seemed to be one would go to a machine of GitHub's.
const hasMachine = "vars.SEAWORTHY_RUNNER != ''"

export function production(fleet: WorkflowFleet): Workflow {
  return {
    name: 'production',
    on: {
      workflow_run: {workflows: ['staging'], types: ['completed'], branches: ['main']},
      workflow_dispatch: {
        inputs: {
          release: {description: 'Digest of the release that was rehearsed', required: true, type: 'string'},
          commit: {description: 'Commit that it was built from; empty: the newest of the branch', type: 'string'},
          override: {description: 'Reason to deploy without a passing rehearsal; it is recorded', type: 'string'},
        },
      },
    },
    permissions: {},
    concurrency: {group: 'production', 'cancel-in-progress': false},
    defaults: bash,
    jobs: {
      production: {
        name: 'Deploy the fleet',
        if: `${hasMachine} && (github.event_name == 'workflow_dispatch' || (${rehearsed}))`,
        'runs-on': ownRunner,
        environment: inEnvironment('production'),
        'timeout-minutes': 60,
        permissions: {contents: 'write', deployments: 'write', checks: 'write', issues: 'write'},
        steps: [
          ...prepareSteps('${{ github.event.workflow_run.head_sha || github.event.inputs.commit || github.sha }}'),
          ...pipelineSteps({
            pipeline: 'production',
            environment: 'production',
            fleet,
            given: {override: '${{ github.event.inputs.override }}'},
            after: {
              '20-build': {
                name: 'Compare the release with the one that was asked for',
                if: "github.event.inputs.release != ''",
                run: commandLine('pipelines/sameRelease.ts', [
                  ...['--env', 'production', '--fleet', fleet.fleetPath],
                  ...['--run', '"$SEAWORTHY_RUN"', '--release', '"$RELEASE"'],
                ]),
                env: {RELEASE: '${{ github.event.inputs.release }}'},
              },
            },
          }),
        ],
      },
    },
  }
}
