// rollback.yml: puts an earlier release back, by hand; with our programs, or with the shell script of the environment.
import {pipelineSteps, secretVariables, type WorkflowFleet} from './pipelineSteps.ts'
import {prepareSteps} from './prepareSteps.ts'
import {bash, inEnvironment, ownRunner, type Workflow} from './workflow.ts'

const timeoutMinutes = 35

/** `root` is the folder of the environment on its machine, as a shell writes it. */
export function rollback(fleet: WorkflowFleet, root: string): Workflow {
  return {
    name: 'rollback',
    on: {
      workflow_dispatch: {
        inputs: {
          reason: {description: 'Why; it is recorded', required: true, type: 'string'},
          release: {
            description: 'Digest of the release to put back; empty: the last verified one',
            type: 'string',
          },
          commit: {
            description: 'Branch, tag or commit whose programs do it, when the newest are broken',
            type: 'string',
          },
          way: {
            description:
              'programs: with report and verification; shell: rollback.sh of the environment, without a checkout',
            type: 'choice',
            options: ['programs', 'shell'],
            default: 'programs',
          },
        },
      },
    },
    permissions: {},
    // Not in one queue with deploys, since it must not wait behind them: the environment's own lock keeps them apart.
    concurrency: {group: 'rollback', 'cancel-in-progress': false},
    defaults: bash,
    jobs: {
      programs: {
        name: 'Roll back the fleet',
        if: "github.event.inputs.way != 'shell'",
        'runs-on': ownRunner,
        environment: inEnvironment('rollback'),
        'timeout-minutes': timeoutMinutes,
        permissions: {contents: 'read', deployments: 'write', checks: 'write', issues: 'write'},
        steps: [
          ...prepareSteps('${{ github.event.inputs.commit || github.sha }}'),
          ...pipelineSteps({
            pipeline: 'rollback',
            environment: 'production',
            fleet,
            given: {to: '${{ github.event.inputs.release }}', reason: '${{ github.event.inputs.reason }}', wait: '600'},
          }),
        ],
      },
      shell: {
        name: 'Roll the fleet back with a shell alone',
        if: "github.event.inputs.way == 'shell'",
        'runs-on': ownRunner,
        environment: inEnvironment('rollback'),
        'timeout-minutes': timeoutMinutes,
        permissions: {},
        steps: [
          {
            name: 'Run the script of the environment',
            run: [
              'case $RELEASE in',
              '  *[!0-9a-f]*) echo "release: should be the digest of a release, got $RELEASE" >&2; exit 2 ;;',
              'esac',
              'echo "reason: $REASON"',
              `script=${root}/rollback.sh`,
              'exec sh "$script" ${RELEASE:+"$RELEASE"}',
            ].join('\n'),
            env: {
              RELEASE: '${{ github.event.inputs.release }}',
              REASON: '${{ github.event.inputs.reason }}',
              ...secretVariables(fleet.secrets),
            },
          },
        ],
      },
    },
  }
}
