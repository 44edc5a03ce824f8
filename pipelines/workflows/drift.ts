// How the workflow files on the disk differ from what would be written; a pure function.
import type {WorkflowFile} from './workflowFiles.ts'
import {mark} from './writtenWorkflow.ts'

/** One line for each file that differs, with the first difference in it; none when all are as they should be. */
export function drift(wanted: readonly WorkflowFile[], there: readonly WorkflowFile[]): string[] {
  const told = wanted.flatMap(({name, text}) => {
    const found = there.find(file => file.name === name)
    if (found === undefined) return [`${name} is not there`]
    return found.text === text ? [] : [`${name}${firstDifference(text, found.text)}`]
  })
  const left = there.filter(file => file.text.startsWith(mark) && !wanted.some(({name}) => name === file.name))
  return [...told, ...left.map(({name}) => `${name} is written no more, and still there`)]
}

function firstDifference(wanted: string, found: string): string {
  const [should, is] = [wanted.split('\n'), found.split('\n')]
  const index = should.findIndex((line, at) => line !== is[at])
  const at = index === -1 ? should.length : index
  return `:${at + 1} should be ${shown(should[at])}, is ${shown(is[at])}`
}

function shown(line: string | undefined): string {
  return line === undefined ? 'the end' : `"${line.trim()}"`
}
