// What every job begins with: the sources, and the packages together with the Node that runs ours.
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
      run: ['npx -y pnpm@12 install --frozen-lockfile', 'echo "$PWD/node_modules/.bin" >> "$GITHUB_PATH"'].join('\n'),
    },
  ]
}
