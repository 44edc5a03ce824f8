// A workflow as the text of its file.
import {Document, isScalar, visit} from 'yaml'
import {actions, pinned} from './actions.ts'
import type {Workflow} from './workflow.ts'

/** The first line of every written file, by which a file that is no longer written is known. */
export const mark =
  '# Written by pnpm workflows from pipelines/pipelines.ts and fleet.yaml. Changes go there, not here.'

export function writtenWorkflow(workflow: Workflow, about: readonly string[] = []): string {
  // Aliases would be shorter, but not every reader of workflows knows them.
  const document = new Document(workflow, {aliasDuplicateObjects: false})
  visit(document, {
    Pair: (_, {key, value}) => {
      if (!isScalar(key) || key.value !== 'uses' || !isScalar(value)) return
      const action = Object.values(actions).find(one => pinned(one) === value.value)
      value.comment = ` ${action?.version ?? 'of no known version'}`
    },
  })
  const lines = [mark, ...about.map(line => `# ${line}`)]
  return `${lines.join('\n')}\n\n${document.toString({lineWidth: 0, indentSeq: false})}`
}
