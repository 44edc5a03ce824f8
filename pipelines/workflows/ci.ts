// ci.yml: is a change good enough to be merged. Types, style, drift, tests on the oldest and the newest Node, one gate.
import {actions, pinned} from './actions.ts'
import {prepareSteps} from './prepareSteps.ts'
import {bash, hosted, type Workflow, type WorkflowStep} from './workflow.ts'

// Documents are tested too, so that little is left that no test reads.
const untested = ['LICENSE', '.github/ISSUE_TEMPLATE/**', '.github/CODEOWNERS', '.github/pull_request_template.md']
// The same as a pattern of grep, for whole paths.
const untestedPattern = untested.map(path => path.replaceAll('.', '\\.').replace('**', '.*')).join('|')
const isTested = "needs.changes.outputs.tested == 'true'"

const setUpNode: WorkflowStep = {
  name: 'Set up the Node that starts pnpm',
  uses: pinned(actions.setupNode),
  with: {'node-version': '${{ matrix.node }}'},
}

// Some tests open the report in a browser, and run the shell scripts in the smallest shell that there is.
const parts: WorkflowStep = {
  name: 'Install what some tests need',
  run: [
    'for part in chromium shellcheck busybox age nginx; do',
    '  command -v "$part" || { sudo apt-get update -qq; sudo apt-get install -y -qq --no-install-recommends "$part"; }',
    'done',
  ].join('\n'),
}

export const ci: Workflow = {
  name: 'ci',
  on: {
    push: {branches: ['main'], 'paths-ignore': untested},
    // No path filter: a required check of a workflow that never starts stays pending forever. The job `changes` decides instead.
    pull_request: {},
    workflow_dispatch: {},
  },
  permissions: {},
  // What a newer push replaces needs no answer; main keeps every answer.
  concurrency: {group: 'ci-${{ github.ref }}', 'cancel-in-progress': "${{ github.event_name == 'pull_request' }}"},
  defaults: bash,
  jobs: {
    changes: {
      name: 'What changed',
      'runs-on': hosted,
      'timeout-minutes': 5,
      permissions: {contents: 'read'},
      outputs: {tested: '${{ steps.changes.outputs.tested }}'},
      steps: [
        ...prepareSteps()
          .slice(0, 1)
          .map(checkout => ({...checkout, with: {...checkout.with, 'fetch-depth': 2}})),
        {
          name: 'See whether a test reads what changed',
          id: 'changes',
          // What is checked out for a pull request is its merge, and the first parent of that is the base.
          run: [
            'tested=true',
            'if [ "$EVENT" = pull_request ]; then',
            '  changed=$(git diff --name-only HEAD^1 HEAD)',
            `  printf '%s\\n' "$changed" | grep -qvxE '${untestedPattern}' || tested=false`,
            'fi',
            'echo "tested=$tested" >> "$GITHUB_OUTPUT"',
          ].join('\n'),
          env: {EVENT: '${{ github.event_name }}'},
        },
      ],
    },
    lint: {
      name: 'Types, style and drift',
      needs: ['changes'],
      if: isTested,
      'runs-on': hosted,
      'timeout-minutes': 15,
      permissions: {contents: 'read'},
      steps: [
        ...prepareSteps(),
        {name: 'Check the types', run: 'tsc'},
        {name: 'Check the style', run: 'biome check --error-on-warnings'},
        {name: 'Check that the workflows are those of the pipelines', run: 'node pipelines/workflow.ts --check'},
        {name: 'Check the workflows themselves', run: 'node --test "tests/pipelines/workflows/lint.test.ts"'},
      ],
    },
    test: {
      name: 'Tests, started by Node ${{ matrix.node }}',
      needs: ['changes'],
      if: isTested,
      'runs-on': hosted,
      'timeout-minutes': 45,
      permissions: {contents: 'read'},
      strategy: {'fail-fast': false, matrix: {node: ['18', 'current']}},
      steps: [
        ...prepareSteps().slice(0, 1),
        setUpNode,
        ...prepareSteps().slice(1),
        parts,
        {
          name: 'Run the tests',
          if: "matrix.node != 'current'",
          run: 'node --test --test-concurrency=2 "tests/**/*.test.ts"',
        },
        {
          name: 'Run the tests and count what they cover',
          if: "matrix.node == 'current'",
          run: [
            'mkdir -p .coverage',
            'node --test --test-concurrency=2 --experimental-test-coverage \\',
            '  --test-coverage-include="scripts/**" --test-coverage-include="pipelines/**" --test-coverage-include="ingress/**" \\',
            '  --test-reporter=spec --test-reporter-destination=stdout \\',
            '  --test-reporter=lcov --test-reporter-destination=.coverage/lcov.info "tests/**/*.test.ts"',
          ].join('\n'),
        },
        {
          name: 'Keep the coverage',
          if: "always() && matrix.node == 'current'",
          uses: pinned(actions.uploadArtifact),
          with: {
            name: 'coverage-${{ github.run_id }}-${{ github.run_attempt }}',
            path: '.coverage/lcov.info',
            'include-hidden-files': true,
            'if-no-files-found': 'warn',
            'retention-days': 30,
          },
        },
      ],
    },
    gate: {
      name: 'Good enough to be merged',
      needs: ['changes', 'lint', 'test'],
      if: 'always()',
      'runs-on': hosted,
      'timeout-minutes': 5,
      permissions: {},
      steps: [
        {
          name: 'Every job must have succeeded',
          // A job that was cancelled has shown nothing, nor has one that was skipped, unless nothing changed that it reads.
          run: 'echo "$RESULTS"\ncase $RESULTS in\n"true: success success success" | "false: success skipped skipped") ;;\n*) exit 1 ;;\nesac',
          env: {RESULTS: "${{ needs.changes.outputs.tested }}: ${{ join(needs.*.result, ' ') }}"},
        },
      ],
    },
  },
}
