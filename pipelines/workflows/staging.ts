// staging.yml: rehearses the fleet step by step, keeps the release that was built, and says who built it.
import {actions, pinned} from './actions.ts'
import {pipelineSteps, type WorkflowFleet} from './pipelineSteps.ts'
import {prepareSteps} from './prepareSteps.ts'
import {bash, type Workflow, type WorkflowStep} from './workflow.ts'

/** What a rehearsal depends on. */
const sources = [
  'fleet.yaml',
  'locks/**',
  'contracts/**',
  'servers/**',
  'scripts/**',
  'pipelines/**',
  'ingress/**',
  'templates/**',
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  '.github/workflows/staging.yml',
]

// A pull request is not what ships.
const isBuilt = "success() && steps.settle.outputs.release != '' && github.event_name != 'pull_request'"

const keepRelease: WorkflowStep[] = [
  {
    name: 'Pack the release',
    if: isBuilt,
    // The same bytes for the same release, whenever and by whomever it is packed.
    run: [
      'rm -rf .build/packed',
      'mkdir -p .build/packed',
      // A copy, since other runs link the same files, which tar takes for a change.
      'cp -R "$FOLDER" ".build/packed/$RELEASE"',
      'tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - -C .build/packed "$RELEASE" |',
      '  gzip -n1 > ".build/packed/release-$RELEASE.tar.gz"',
    ].join('\n'),
    env: {
      RELEASE: '${{ steps.settle.outputs.release }}',
      FOLDER: '${{ steps.settle.outputs.folder }}',
    },
  },
  {
    name: 'Keep the release',
    if: isBuilt,
    uses: pinned(actions.uploadArtifact),
    with: {
      name: 'release-${{ github.run_id }}-${{ github.run_attempt }}',
      path: '.build/packed/release-${{ steps.settle.outputs.release }}.tar.gz',
      'include-hidden-files': true,
      'if-no-files-found': 'error',
      'compression-level': 0,
      'retention-days': 30,
    },
  },
  {
    name: 'Attest where the release was built',
    // Private repositories have attestations only with GitHub Enterprise Cloud.
    if: `${isBuilt} && !github.event.repository.private`,
    uses: pinned(actions.attest),
    with: {'subject-path': '.build/packed/release-${{ steps.settle.outputs.release }}.tar.gz'},
    // An outage of the attestation service must not block a release.
    'continue-on-error': true,
  },
]

export function staging(fleet: WorkflowFleet): Workflow {
  return {
    name: 'staging',
    on: {
      push: {branches: ['main'], paths: sources},
      pull_request: {paths: sources},
      workflow_dispatch: {inputs: {quick: {description: 'Leave the slow phases out', type: 'boolean'}}},
    },
    permissions: {},
    concurrency: {
      group: 'staging-${{ github.ref }}',
      'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
    },
    defaults: bash,
    jobs: {
      staging: {
        name: 'Rehearse the fleet',
        // The code of a pull request never runs on a machine of ours.
        'runs-on': "${{ github.event_name != 'pull_request' && vars.SEAWORTHY_RUNNER || 'ubuntu-24.04' }}",
        'timeout-minutes': 45,
        permissions: {
          contents: 'read',
          deployments: 'write',
          checks: 'write',
          'pull-requests': 'write',
          'id-token': 'write',
          attestations: 'write',
        },
        steps: [
          ...prepareSteps(),
          ...pipelineSteps({
            pipeline: 'staging',
            environment: 'staging',
            fleet,
            given: {quick: "${{ github.event.inputs.quick == 'true' && 'yes' || '' }}"},
          }),
          ...keepRelease,
        ],
      },
    },
  }
}
