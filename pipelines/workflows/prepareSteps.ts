// What every job begins with: the sources, and the packages together with the Node that runs ours.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {actions, pinned} from './actions.ts'
import type {WorkflowStep} from './workflow.ts'

/** `ref` is what is checked out; absent, what started the workflow. */
export function prepareSteps(ref?: string): WorkflowStep[] {
  return [
    {
      name: 'Check out the sources',
      uses: pinned(actions.checkout),
      // Nothing of ours pushes; a token on the disk would be there for every program of the job. What git ignores stays on
      // a machine of our own: backups and journals are among it.
      with: {'persist-credentials': false, clean: false, ...(ref === undefined ? {} : {ref})},
    },
    {
      name: 'Install the packages, and Node among them',
      run: [
        `npm pack --silent --pack-destination "$RUNNER_TEMP" pnpm@${pnpm.version}`,
        `echo "${pnpm.sha512}  $RUNNER_TEMP/pnpm-${pnpm.version}.tgz" | sha512sum --check --quiet`,
        `npx -y "$RUNNER_TEMP/pnpm-${pnpm.version}.tgz" install --frozen-lockfile`,
        'echo "$PWD/node_modules/.bin" >> "$GITHUB_PATH"',
      ].join('\n'),
    },
  ]
}

const pnpm = pinnedPnpm()

// What runs in a job that later has secrets is the version with the hash that package.json names, not the newest.
function pinnedPnpm(): {version: string; sha512: string} {
  const {packageManager} = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'))
  const [, version, sha512] = /^pnpm@([^+]+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager) ?? []
  if (version === undefined || sha512 === undefined)
    throw new Error(`package.json packageManager: should be pnpm@VERSION+sha512.HASH, got ${packageManager}`)
  return {version, sha512}
}
