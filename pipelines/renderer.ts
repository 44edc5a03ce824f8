// How a run is shown: a live list at a terminal, plain lines elsewhere, nothing but entries under --json.
import {styleText} from 'node:util'
import type {ListrBaseClassOptions, ListrRendererValue} from 'listr2'

export interface Look {
  options: ListrBaseClassOptions<unknown, ListrRendererValue, ListrRendererValue>
  /** Lines of steps are printed as they come, instead of being shown below their task. */
  prints: boolean
  /** The lines of each step fold together, as GitHub shows them. */
  folds: boolean
}

export interface Surroundings {
  json: boolean
  isTerminal: boolean
  columns: number
  github: boolean
}

export function renderer({json, isTerminal, columns, github}: Surroundings): Look {
  if (json) return {prints: true, folds: false, options: {renderer: 'silent'}}
  // A terminal that tells no width would be wrapped at one character a line.
  if (!isTerminal || columns === 0 || github)
    return {prints: true, folds: github, options: {renderer: 'simple', rendererOptions: {}}}
  return {
    prints: false,
    folds: false,
    options: {
      renderer: 'default',
      rendererOptions: {
        collapseErrors: false,
        collapseSkips: false,
        showErrorMessage: true,
        timer: elapsed,
      },
    },
  }
}

const elapsed = {
  condition: true,
  field: (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`),
  format: () => (text?: string) => styleText('dim', text ?? ''),
}
